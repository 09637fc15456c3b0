package dev.parley.reliability;

import dev.parley.testkit.Call;
import dev.parley.testkit.FaultyLink;
import dev.parley.testkit.LinkConnection;
import dev.parley.testkit.LinkFault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The other side of a soak, in a process of its own, so that what its clients hold can be measured: a server of each dialect
 * behind a link. Prints the two addresses; at the first line that comes in, one connection after another is reset; at the
 * second it prints how often that was, and what the servers found, and ends.
 */
final class SoakServer {
    private static final int TURNS = 1_000;

    private final Map<Rehearsed, RehearsalServer> servers = new EnumMap<>(Rehearsed.class);
    private final List<FaultyLink> links = new ArrayList<>();
    private final Random random = new Random(1);
    private int resets;
    private boolean reported;

    private SoakServer() {
        for (Rehearsed rehearsed : Rehearsed.values()) {
            RehearsalServer server = rehearsed.server().script(script()).start();
            servers.put(rehearsed, server);
            links.add(FaultyLink.to(server.url()));
        }
    }

    private static Script script() {
        Speech reply = Speech.of("It is booked.").soundingAs(Recording.tone(Duration.ofMillis(600)));
        Turn turn = Turn.hear("Book it.").calls(Call.to("book").expectOk()).says(reply);
        Script.Builder script = Script.named("soak").greeting(reply);
        for (int i = 0; i < TURNS; i++) {
            script.turn(turn);
        }
        return script.build();
    }

    /** @param args the milliseconds between resets */
    public static void main(String[] args) throws IOException {
        SoakServer soak = new SoakServer();
        soak.links.forEach(link -> System.out.println(link.endpoint()));
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ScheduledExecutorService resetter = Executors.newSingleThreadScheduledExecutor();
        if (told.readLine() != null) {
            long every = Long.parseLong(args[0]);
            var unused = resetter.scheduleAtFixedRate(soak::resetOne, every, every, TimeUnit.MILLISECONDS);
        }
        if (told.readLine() != null) {
            soak.report();
        }
        // until whoever started it lets go
        System.exit(told.readLine() == null ? 0 : 1);
    }

    private synchronized void report() {
        reported = true;
        System.out.println(resets);
        servers.forEach((rehearsed, server) -> {
            for (Violation each : server.report().violations()) {
                System.out.println(rehearsed.title() + ": " + each);
            }
        });
        System.out.println("done");
    }

    private synchronized void resetOne() {
        List<LinkConnection> open = links.get(random.nextInt(links.size())).connections().stream()
                .filter(connection -> !connection.closed())
                .toList();
        if (!open.isEmpty() && !reported) {
            open.get(random.nextInt(open.size())).apply(LinkFault.reset());
            resets++;
        }
    }
}
