package dev.parley.samples.clinic.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clinic's data on H2 in memory; on another database where {@code CLINIC_TEST_DB_URL} names one, whose bookings are
 * deleted.
 */
class ClinicDatabaseTest {
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final LocalTime HALF_PAST_TEN = LocalTime.of(10, 30);

    private final ClinicDatabase database = ClinicDatabase.open(
            Objects.requireNonNullElse(System.getenv("CLINIC_TEST_DB_URL"), "jdbc:h2:mem:" + UUID.randomUUID()));

    @BeforeEach
    void nothingIsBooked() {
        database.update("delete from clinic_booking");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anEmptyDatabaseGetsTheSamplesDoctors() {
        assertThat(database.doctorNames())
                .containsExactlyInAnyOrder("ജോസഫ് മാത്യു", "തോമസ് കുര്യൻ", "ഫാത്തിമ റഹ്മാൻ", "ലക്ഷ്മി മേനോൻ");
    }

    @Test
    void aDoctorWorksOnHisDaysOnly() {
        assertThat(database.hours(SampleData.JOSEPH, MONDAY))
                .contains(new Hours(LocalTime.of(9, 0), LocalTime.of(11, 0)));
        assertThat(database.hours(SampleData.JOSEPH, MONDAY.plusDays(1))).isEmpty();
        assertThat(database.freeTimes(SampleData.JOSEPH, MONDAY.plusDays(1))).isEmpty();
        assertThat(database.freeTimes(SampleData.JOSEPH, MONDAY))
                .containsExactly(LocalTime.of(9, 0), LocalTime.of(9, 30), LocalTime.of(10, 0), HALF_PAST_TEN);
    }

    @Test
    void theRehearsedCallsDoctorsWorkOnEveryDayOfTheWeek() {
        for (DayOfWeek weekday : DayOfWeek.values()) {
            LocalDate day = MONDAY.with(TemporalAdjusters.nextOrSame(weekday));
            assertThat(database.freeTimes(SampleData.LAKSHMI, day)).contains(HALF_PAST_TEN);
            assertThat(database.hours(SampleData.THOMAS, day))
                    .contains(new Hours(LocalTime.of(16, 0), LocalTime.of(19, 0)));
            assertThat(database.hours(SampleData.FATHIMA, day))
                    .contains(new Hours(LocalTime.of(14, 0), LocalTime.of(17, 0)));
        }
    }

    @Test
    void aBookedSlotIsNotFreeUntilItIsCancelled() {
        Booking booking = database.book(SampleData.LAKSHMI, MONDAY, HALF_PAST_TEN, "അനിൽ കുമാർ", "9847012345")
                .orElseThrow();

        assertThat(database.freeTimes(SampleData.LAKSHMI, MONDAY)).doesNotContain(HALF_PAST_TEN);
        assertThat(database.book(SampleData.LAKSHMI, MONDAY, HALF_PAST_TEN, "മേരി", "9895012345"))
                .isEmpty();
        assertThat(database.bookingsOf("9847012345", MONDAY)).containsExactly(booking);
        assertThat(database.bookingsOf("9847012345", MONDAY.plusDays(1))).isEmpty();

        assertThat(database.cancel(booking.id())).isTrue();
        assertThat(database.cancel(booking.id())).isFalse();
        assertThat(database.freeTimes(SampleData.LAKSHMI, MONDAY)).contains(HALF_PAST_TEN);
    }

    @Test
    void oneSlotGoesToOneOfManyCallersWhoAskAtOnce() throws Exception {
        int callers = 8;
        CyclicBarrier together = new CyclicBarrier(callers);
        ExecutorService lines = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Optional<Booking>>> answers = IntStream.range(0, callers)
                    .mapToObj(caller -> lines.submit(() -> {
                        together.await();
                        return database.book(
                                SampleData.LAKSHMI, MONDAY, HALF_PAST_TEN, "caller " + caller, "984701234" + caller);
                    }))
                    .toList();
            int booked = 0;
            for (Future<Optional<Booking>> answer : answers) {
                booked += answer.get().isPresent() ? 1 : 0;
            }
            assertThat(booked).isEqualTo(1);
        } finally {
            lines.shutdownNow();
        }
    }

    @Test
    void aDoctorWhoIsNotThereCannotBeBooked() {
        assertThatThrownBy(() -> database.book("ആരുമല്ല", MONDAY, HALF_PAST_TEN, "അനിൽ", "9847012345"))
                .isInstanceOf(DatabaseException.class)
                .hasMessageStartingWith("the clinic's database refused: ");
    }

    @Test
    void restoringTheSampleBookingsTouchesNobodyElses() {
        database.book(SampleData.LAKSHMI, MONDAY.plusDays(1), LocalTime.of(12, 0), "മറ്റൊരാൾ", "9999999999");
        database.book(SampleData.LAKSHMI, MONDAY.plusDays(1), HALF_PAST_TEN, "അനിൽ കുമാർ", SampleData.CALLER_PHONE);

        SampleData.restoreBookings(database, MONDAY);
        SampleData.restoreBookings(database, MONDAY);

        assertThat(database.bookingsOf("9999999999", MONDAY)).hasSize(1);
        assertThat(database.bookingsOf(SampleData.CALLER_PHONE, MONDAY)).isEmpty();
        assertThat(database.bookingsOf(SampleData.FATHER_PHONE, MONDAY))
                .extracting(Booking::patient, Booking::day)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("ഗോപാലകൃഷ്ണൻ", MONDAY.plusDays(3)));
        assertThat(database.freeTimes(SampleData.LAKSHMI, MONDAY.plusDays(1)).get(0))
                .isEqualTo(HALF_PAST_TEN);
    }

    @Test
    void aFileKeepsWhatWasBooked(@TempDir Path folder) {
        String url = "jdbc:h2:file:" + folder.resolve("clinic").toAbsolutePath();
        try (ClinicDatabase first = ClinicDatabase.open(url)) {
            first.book(SampleData.LAKSHMI, MONDAY, HALF_PAST_TEN, "അനിൽ കുമാർ", "9847012345");
        }
        try (ClinicDatabase again = ClinicDatabase.open(url)) {
            assertThat(again.doctorNames()).hasSize(4);
            assertThat(again.bookingsOf("9847012345", MONDAY))
                    .extracting(Booking::patient)
                    .containsExactly("അനിൽ കുമാർ");
        }
    }

    @Test
    void aUrlThatNoDriverKnowsIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> ClinicDatabase.open("jdbc:nobody://host/clinic?password=secret"))
                .isInstanceOf(DatabaseException.class)
                .hasMessage("a database URL begins with jdbc:h2: or jdbc:postgresql:");
    }
}
