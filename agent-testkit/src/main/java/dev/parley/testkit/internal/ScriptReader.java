package dev.parley.testkit.internal;

import dev.parley.testkit.Calls;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far a conversation has come in its script: which turns were heard, and which steps wait to be played. A turn that is
 * heard puts its steps in a queue; where a response plays them, it takes those up to its calls, or to the turn's last words.
 * Confined to the connection's monitor.
 */
final class ScriptReader {
    private static final String NOT_GREETED = "the script has a greeting, and nobody asked for it with response.create";

    private final Script script;
    private final Consumer<String> mismatches;
    private final Deque<Step> queue = new ArrayDeque<>();
    private int turnsHeard;
    private boolean greeted;
    private int asidesSaid;
    private boolean handedOver;
    private String where = "";
    private @Nullable String pendingText;
    private List<Step> afterLateOutputs = List.of();

    /** @param place where an earlier connection left off */
    ScriptReader(Script script, ScriptPlace place, Consumer<String> mismatches) {
        this.script = script;
        this.turnsHeard = place.turns();
        this.asidesSaid = place.asides();
        this.mismatches = mismatches;
    }

    /** The next turn of the script, now heard; null where there is none. */
    @Nullable
    Turn hearTurn() {
        pendingText = null;
        if (turnsHeard >= script.turns().size()) {
            mismatches.accept("the caller spoke after the script's last turn");
            return null;
        }
        if (turnsHeard == 0 && greeting() != null) {
            mismatches.accept(NOT_GREETED);
        }
        Turn turn = script.turns().get(turnsHeard++);
        where = "turn " + turnsHeard;
        afterLateOutputs = List.of();
        queue.addAll(turn.steps());
        return turn;
    }

    /** What is due at the beginning, and was not said. */
    private @Nullable Speech greeting() {
        return turnsHeard == 0 && !greeted ? script.greeting() : null;
    }

    /** One line for a greeting that nobody asked for so far. */
    List<String> greetingLeft() {
        return greeting() == null ? List.of() : List.of(NOT_GREETED);
    }

    /** The greeting, now said; null where none is due. */
    @Nullable
    Speech greet() {
        Speech greeting = greeting();
        if (greeting != null) {
            greeted = true;
            where = "greeting";
        }
        return greeting;
    }

    /** Where the next connection goes on. */
    ScriptPlace place() {
        return new ScriptPlace(turnsHeard, asidesSaid);
    }

    /** Which turn was heard last, from one. */
    int turnsHeard() {
        return turnsHeard;
    }

    /** The turn, for messages. */
    String where() {
        return where;
    }

    /** The client wrote something as the user, or null words that cannot be compared. */
    void onUserItem(@Nullable String words) {
        pendingText = words == null ? "" : words;
    }

    /** The client added something after which no answer to the user is due: a past reply or call. */
    void onHistoryItem() {
        pendingText = null;
    }

    /** What the script goes on with since outputs came that the caller had spoken over. */
    void onLateOutputs(List<Step> then) {
        if (!then.isEmpty()) {
            afterLateOutputs = then;
        }
    }

    /** Finds what a request for a reply is answered with, where nothing waits to be said: there may be nothing. */
    void findReply() {
        if (speaks()) {
            return;
        }
        Speech greeting = isNextTurn(pendingText) ? null : greet();
        if (greeting != null) {
            queue.add(greeting);
        } else if (pendingText != null) {
            hearWritten(pendingText);
        } else {
            queue.addAll(afterLateOutputs);
            afterLateOutputs = List.of();
        }
    }

    private boolean isNextTurn(@Nullable String words) {
        return words != null
                && turnsHeard < script.turns().size()
                && script.turns().get(turnsHeard).hear().equals(words);
    }

    private void hearWritten(String words) {
        Turn turn = hearTurn();
        if (turn != null && !words.isEmpty() && !turn.hear().equals(words)) {
            mismatches.accept(
                    where + ": the client wrote \"" + words + "\", and the script hears \"" + turn.hear() + "\"");
        }
    }

    /** Whether something waits that a response would say or call. */
    boolean speaks() {
        return speaks(queue);
    }

    private static boolean speaks(Iterable<Step> steps) {
        for (Step step : steps) {
            if (step instanceof Speech || step instanceof Calls) {
                return true;
            }
        }
        return false;
    }

    /** Whether the server hangs up among what waits. */
    boolean hangsUp() {
        return queue.stream().anyMatch(HangUp.class::isInstance);
    }

    /** The steps of one response: up to the first calls, or up to the last words. */
    List<Step> nextResponse() {
        List<Step> steps = new ArrayList<>();
        while (speaks()) {
            Step step = queue.removeFirst();
            steps.add(step);
            if (step instanceof Calls) {
                break;
            }
        }
        return steps;
    }

    /** Puts steps behind those that wait. */
    void goOnWith(List<Step> steps) {
        queue.addAll(steps);
    }

    /** The next step; null where there is none. */
    @Nullable
    Step next() {
        return queue.pollFirst();
    }

    /** The next step that needs no response, such as a {@link RawMessage}; null where there is none. */
    @Nullable
    Step nextLoose() {
        return speaks() ? null : next();
    }

    /** The next reply out of band; null where there is none. */
    @Nullable
    Speech nextAside() {
        return asidesSaid < script.asides().size() ? script.asides().get(asidesSaid++) : null;
    }

    /** How many replies out of band were said. */
    int asidesSaid() {
        return asidesSaid;
    }

    /** What waits, in order. */
    List<Step> waiting() {
        return List.copyOf(queue);
    }

    boolean nothingWaits() {
        return queue.isEmpty();
    }

    /** What waits will not be said: the caller went on, or the client cancelled it. */
    void skip() {
        queue.clear();
    }

    /** The next connection goes on with the next turn. */
    void handOver() {
        handedOver = turnsHeard < script.turns().size();
    }

    /** Whether so many turns, or the greeting where it is none, were reached. */
    boolean reached(int turns) {
        return turns == 0 ? greeting() == null : turnsHeard >= turns;
    }

    /** Whether nothing is left for this connection. */
    boolean atItsEnd() {
        return (handedOver || turnsHeard == script.turns().size()) && greeting() == null && queue.isEmpty();
    }

    /** One line for each reply out of band that nobody asked for. */
    List<String> asidesLeft() {
        return handedOver
                ? List.of()
                : IntStream.rangeClosed(asidesSaid + 1, script.asides().size())
                        .mapToObj(aside -> "aside " + aside + ": no response.create out of band came for it")
                        .toList();
    }

    /** The turn that the caller has next; null where there is none, or it comes on another connection. */
    @Nullable
    Integer nextTurn() {
        return turnsLeft() == 0 ? null : turnsHeard;
    }

    int turnsLeft() {
        return handedOver ? 0 : script.turns().size() - turnsHeard;
    }
}
