package dev.parley.samples.clinic.call;

import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Resampler;
import dev.parley.audio.WavFile;
import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.SessionListener;
import dev.parley.core.provider.Provider;
import dev.parley.samples.clinic.desk.ClinicDatabase;
import dev.parley.samples.clinic.desk.ClinicTools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** A call to a service, whose answers nobody knows beforehand. */
public final class LiveCall {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration AT_MOST = Duration.ofMinutes(30);

    private final Provider provider;
    private final ClinicDatabase database;
    private final CallFiles files;

    /** A call whose files go to a folder. */
    public LiveCall(Provider provider, ClinicDatabase database, Path folder) {
        this.provider = provider;
        this.database = database;
        this.files = new CallFiles(folder);
    }

    /**
     * Speaks recorded lines, each after the reply to the last.
     *
     * @param recordings at any rate; they are resampled to the provider's
     * @return why it did not go as it should; none if it did
     */
    public List<String> speak(List<WavFile> recordings, CallScreen screen) throws IOException, InterruptedException {
        PcmFormat format = new PcmFormat(provider.dialect().sampleRate());
        List<Line> lines = new ArrayList<>();
        for (WavFile recording : recordings) {
            lines.add(Line.afterTheReply(Resampler.resample(recording.format(), format, recording.pcm())));
        }
        boolean greeted = provider.dialect().acceptsResponseCreate();
        Caller caller = new Caller(format, lines, greeted, PATIENCE);
        Party party = new Party(caller, AudioSink.inMemory(format, screen.clock()), greeted, caller.finished());
        PhoneCall.Result call = make(party, screen, List.of(screen, new CallerCues(caller)));
        List<String> reasons = reasons(call);
        if (caller.unanswered() > 0) {
            reasons.add("the agent did not answer in time: " + Count.of(caller.unanswered(), "time"));
        }
        return reasons;
    }

    /**
     * Puts a person on the line, until they press Enter, stop the program, or the session ends.
     *
     * @param source at the provider's rate; closed with the call, as the sink is
     * @return why it did not go as it should; none if it did
     */
    public List<String> talk(AudioSource source, AudioSink sink, CallScreen screen)
            throws IOException, InterruptedException {
        HangUp hangUp = new HangUp();
        boolean greeted = provider.dialect().acceptsResponseCreate();
        hangUp.onEnter(System.in);
        Thread atExit = hangUp.atExit();
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            screen.line("call", "speak; press Enter to hang up");
            return reasons(make(new Party(source, sink, greeted, hangUp.asked()), screen, List.of(screen, hangUp)));
        } finally {
            hangUp.filesAreWritten();
        }
    }

    private PhoneCall.Result make(Party party, CallScreen screen, List<SessionListener> listeners)
            throws IOException, InterruptedException {
        Clock clock = screen.clock();
        ZoneId zone = ZoneId.systemDefault();
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        screen.line("call", provider.name() + " at " + provider.endpoint().getHost());
        PhoneCall.Result call = new PhoneCall(provider, new ClinicTools(database, clock, zone), today, clock, files)
                .make(party, AT_MOST, listeners);
        screen.summary(call, files);
        return call;
    }

    private static List<String> reasons(PhoneCall.Result call) {
        List<String> reasons = new ArrayList<>();
        if (!call.inTime()) {
            reasons.add("the call did not end within " + AT_MOST.toMinutes() + " minutes");
        }
        if (call.reason().kind() == CloseReason.Kind.FAILED) {
            reasons.add("the connection ended early: " + call.reason().message());
        }
        return reasons;
    }
}
