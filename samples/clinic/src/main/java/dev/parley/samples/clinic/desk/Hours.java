package dev.parley.samples.clinic.desk;

import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Stream;

/** When a doctor sees patients on some day: from {@code opens}, until {@code closes}. */
public record Hours(LocalTime opens, LocalTime closes) {
    /** How long an appointment takes. */
    static final Duration SLOT = Duration.ofMinutes(30);

    /** The times at which appointments begin. */
    List<LocalTime> slots() {
        return Stream.iterate(opens, time -> time.isBefore(closes), time -> time.plus(SLOT))
                .toList();
    }
}
