package dev.parley.core.provider;

import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import dev.parley.core.provider.Dialect.SessionShape;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a dialect says, before it is told as {@link Dialect} has it. A builder changes its own; a dialect's are never changed. */
final class DialectFacts {
    final String name;
    int sampleRate = 24_000;
    SessionShape sessionShape = SessionShape.FLAT;
    boolean namesContentAsGa = true;
    boolean continuesAfterToolOutput;
    boolean cancelsWhenCallerSpeaks;
    boolean cancels = true;
    boolean acceptsResponseCreate = true;
    boolean takesResponseOptions;
    boolean takesText;
    boolean takesCommit;
    boolean truncates;
    boolean locksConfiguration;
    boolean completesItems;
    boolean acknowledgesItems;
    boolean namesFaultyEvents;
    boolean asksForBeta;
    boolean takesTokenLifetime;
    Set<Setting> settings = Set.of();
    SessionSettings defaults = SessionSettings.none();

    @Nullable
    Duration longestSession;

    Map<Integer, CloseMeaning> closeCodes = Map.of();
    Map<String, CloseMeaning> fatalErrors = Map.of();
    Set<String> harmlessErrors = Set.of();

    DialectFacts(String name) {
        this.name = name;
    }

    DialectFacts copy() {
        return named(name);
    }

    /** The same under another name. */
    DialectFacts named(String newName) {
        DialectFacts copy = new DialectFacts(newName);
        copy.sampleRate = sampleRate;
        copy.sessionShape = sessionShape;
        copy.namesContentAsGa = namesContentAsGa;
        copy.continuesAfterToolOutput = continuesAfterToolOutput;
        copy.cancelsWhenCallerSpeaks = cancelsWhenCallerSpeaks;
        copy.cancels = cancels;
        copy.acceptsResponseCreate = acceptsResponseCreate;
        copy.takesResponseOptions = takesResponseOptions;
        copy.takesText = takesText;
        copy.takesCommit = takesCommit;
        copy.truncates = truncates;
        copy.locksConfiguration = locksConfiguration;
        copy.completesItems = completesItems;
        copy.acknowledgesItems = acknowledgesItems;
        copy.namesFaultyEvents = namesFaultyEvents;
        copy.asksForBeta = asksForBeta;
        copy.takesTokenLifetime = takesTokenLifetime;
        copy.settings = settings;
        copy.defaults = defaults;
        copy.longestSession = longestSession;
        copy.closeCodes = closeCodes;
        copy.fatalErrors = fatalErrors;
        copy.harmlessErrors = harmlessErrors;
        return copy;
    }
}
