package dev.parley.testkit;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Runs a rehearsal server alone, for programs in any language. The class path needs this module and what it depends on, as the
 * clinic sample's jar has it:
 *
 * <pre>
 * java -cp clinic.jar dev.parley.testkit.RehearsalMain --script free-times.yaml [--port 8080] [--dialect openai]
 * </pre>
 *
 * <p>It prints its {@code ws://} URL, serves until it is stopped, and prints its report then. Exit code 2, and one
 * sentence on stderr, for a wrong option, a faulty script or a taken port.
 */
public final class RehearsalMain {
    static final String USAGE = """
            Plays a script to the clients of a realtime voice service, on loopback, without a key.

              --script FILE     the conversation, as YAML
              --port N          where to listen; a free port unless said
              --dialect NAME    swaram or openai; what the script says, or swaram, unless said
              --help            this text
            """;

    private RehearsalMain() {}

    public static void main(String[] args) throws InterruptedException {
        RehearsalServer server = start(args, System.out, System.err);
        if (server == null) {
            System.exit(args.length == 1 && args[0].equals("--help") ? 0 : 2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println(server.report());
            server.close();
        }));
        new CountDownLatch(1).await();
    }

    /** Starts as the options say, or tells what is wrong and gives null. */
    static @Nullable RehearsalServer start(String[] args, PrintStream out, PrintStream err) {
        try {
            Options options = Options.of(args);
            if (options == null) {
                out.print(USAGE);
                return null;
            }
            RehearsalServer.Builder builder = RehearsalServer.builder()
                    .script(Script.load(options.script()))
                    .port(options.port());
            RehearsalDialect dialect = options.dialect();
            RehearsalServer server = (dialect == null ? builder : builder.dialect(dialect)).start();
            out.println(server.url());
            return server;
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println(e.getMessage());
            return null;
        }
    }

    private record Options(Path script, int port, @Nullable RehearsalDialect dialect) {

        static @Nullable Options of(String[] args) {
            Path script = null;
            int port = 0;
            RehearsalDialect dialect = null;
            for (int i = 0; i < args.length; i++) {
                String option = args[i];
                if (option.equals("--help")) {
                    return null;
                }
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException(
                            known(option) ? option + " needs a value; see --help" : unknown(option));
                }
                String value = args[++i];
                switch (option) {
                    case "--script" -> script = Path.of(value);
                    case "--port" -> port = port(value);
                    case "--dialect" -> dialect = dialect(value);
                    default -> throw new IllegalArgumentException(unknown(option));
                }
            }
            if (script == null) {
                throw new IllegalArgumentException("no script: name one with --script FILE; see --help");
            }
            return new Options(script, port, dialect);
        }

        private static RehearsalDialect dialect(String value) {
            return switch (value) {
                case "swaram" -> RehearsalDialect.SWARAM;
                case "openai" -> RehearsalDialect.OPENAI;
                default ->
                    throw new IllegalArgumentException(
                            "the dialect " + value + " is not known: use --dialect swaram or --dialect openai");
            };
        }

        private static boolean known(String option) {
            return option.equals("--script") || option.equals("--port") || option.equals("--dialect");
        }

        private static String unknown(String option) {
            return "the option " + option + " is not known; see --help";
        }

        private static int port(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + value, e);
            }
            throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + value);
        }
    }
}
