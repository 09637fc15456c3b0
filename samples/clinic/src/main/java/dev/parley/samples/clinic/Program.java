package dev.parley.samples.clinic;

import dev.parley.audio.Microphone;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Speaker;
import dev.parley.core.Clock;
import dev.parley.core.SessionException;
import dev.parley.core.provider.Provider;
import dev.parley.samples.clinic.call.CallScreen;
import dev.parley.samples.clinic.call.LiveCall;
import dev.parley.samples.clinic.call.Rehearsal;
import dev.parley.samples.clinic.call.TypedCall;
import dev.parley.samples.clinic.desk.ClinicDatabase;
import dev.parley.samples.clinic.desk.DatabaseException;
import dev.parley.testkit.ScriptException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** One run of the program with settings that are checked. */
final class Program {
    private final Settings settings;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    Program(Settings settings, InputStream in, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Makes the call. @return 0 if it went as it should, 1 if not */
    int run() {
        try (ClinicDatabase database = database()) {
            CallScreen screen = new CallScreen(out, Clock.system());
            Provider provider = settings.provider();
            TypedLines typed = settings.typed();
            if (provider == null) {
                return tell(rehearsal(database).play(screen));
            }
            return tell(
                    typed == null
                            ? live(new LiveCall(provider, database, settings.out()), provider, screen)
                            : new TypedCall(provider, database).type(typed.from(in), screen));
        } catch (SessionException e) {
            throw UsageException.because("There is no call", e);
        } catch (IOException | DatabaseException e) {
            return tell(List.of(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return tell(List.of("it was stopped"));
        }
    }

    private ClinicDatabase database() {
        try {
            return ClinicDatabase.open(settings.databaseUrl());
        } catch (DatabaseException e) {
            throw UsageException.because("No call without the clinic's data", e);
        }
    }

    private List<String> live(LiveCall call, Provider provider, CallScreen screen)
            throws IOException, InterruptedException {
        if (!settings.microphone()) {
            return call.speak(settings.lines(), screen);
        }
        if (Microphone.names().isEmpty() || Speaker.names().isEmpty()) {
            throw new UsageException("--mic cannot be used: this machine has no "
                    + (Microphone.names().isEmpty() ? "microphone" : "loudspeaker")
                    + " that Java can use: connect one, or give --audio FILE instead.");
        }
        PcmFormat format = new PcmFormat(provider.dialect().sampleRate());
        Speaker speaker;
        Microphone microphone;
        try {
            speaker = Speaker.open(format);
        } catch (IOException e) {
            throw UsageException.because("--mic cannot be used", e);
        }
        try {
            microphone = Microphone.open(format);
        } catch (IOException e) {
            speaker.close();
            throw UsageException.because("--mic cannot be used", e);
        }
        return call.talk(microphone, speaker, screen);
    }

    private Rehearsal rehearsal(ClinicDatabase database) {
        try {
            return Rehearsal.of(database, settings.script(), settings.out());
        } catch (ScriptException e) {
            throw UsageException.because("The script cannot be played", e);
        }
    }

    private int tell(List<String> reasons) {
        if (reasons.isEmpty()) {
            out.println("  All went as it should.");
            return 0;
        }
        err.println("The call did not go as it should:");
        reasons.forEach(reason -> err.println("- " + reason));
        return 1;
    }
}
