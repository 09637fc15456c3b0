package dev.parley.samples.clinic.desk;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.Clock;
import dev.parley.tools.Spoken;
import dev.parley.tools.SpokenNames;
import dev.parley.tools.ToolException;
import dev.parley.tools.ToolPolicy;
import dev.parley.tools.ToolPolicy.OnInterrupt;
import dev.parley.tools.ValuesFrom;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What the receptionist can do. Thread-safe, as the database is.
 *
 * <p>What a model gets wrong in form (a date in the past, nine digits, an unknown doctor) is refused before a method
 * runs; what is wrong at the desk (a slot that is taken, a stranger's booking) the methods refuse themselves.
 */
public final class ClinicTools {
    private static final int PHONE_DIGITS = 10;

    private final ClinicDatabase database;
    private final Clock clock;
    private final ZoneId zone;

    /**
     * @param zone where the clinic is: what today is, and what is already past
     */
    public ClinicTools(ClinicDatabase database, Clock clock, ZoneId zone) {
        this.database = database;
        this.clock = clock;
        this.zone = zone;
    }

    @Tool(
            name = "check_availability",
            value = "Tells at which times a doctor can still be seen on a day. Ask this before booking.")
    @ToolPolicy(timeout = "3s", onInterrupt = OnInterrupt.CANCEL)
    Availability checkAvailability(
            @P(value = "the doctor", name = "doctor") @ValuesFrom("doctorNames") String doctor,
            @P(value = "the day", name = "date") @FutureOrPresent LocalDate date) {
        Optional<Hours> hours = database.hours(doctor, date);
        return new Availability(doctor, date, hours.isPresent(), upcoming(date, database.freeTimes(doctor, date)));
    }

    @Tool(name = "book_appointment", value = "Books an appointment. Say that it is booked only if the result is ok.")
    @ToolPolicy(timeout = "5s", serial = true)
    Appointment bookAppointment(
            @P(value = "the doctor", name = "doctor") @ValuesFrom("doctorNames") String doctor,
            @P(value = "the day", name = "date") @FutureOrPresent LocalDate date,
            @P(value = "one of the free times of that day", name = "time") LocalTime time,
            @P(value = "the patient's full name", name = "patient") @NotBlank @Size(max = 100) String patient,
            @P(value = "the phone number as the caller said it: ten digits, nothing else", name = "phone")
                    @Spoken
                    @Pattern(regexp = "\\d{10}", message = "must have exactly ten digits")
                    String phone) {
        Hours hours = database.hours(doctor, date)
                .orElseThrow(() -> new ToolException(
                        doctor + " does not work on " + date + ". Check another day with check_availability."));
        if (!upcoming(date, hours.slots()).contains(time)) {
            throw new ToolException(
                    "No appointment begins at " + time + " on " + date + ". " + freeTimes(doctor, date));
        }
        Booking booking = database.book(doctor, date, time, patient, phone)
                .orElseThrow(() -> new ToolException(time + " on " + date + " is taken. " + freeTimes(doctor, date)));
        return Appointment.of(booking);
    }

    @Tool(
            name = "cancel_appointment",
            value = "Cancels a patient's next appointment. It checks who is asking: name and phone must fit a booking.")
    @ToolPolicy(timeout = "5s", serial = true)
    Appointment cancelAppointment(
            @P(value = "the patient's name", name = "patient") @NotBlank String patient,
            @P(value = "the phone number of the booking, as the caller said it", name = "phone") @Spoken @NotBlank
                    String phone) {
        String digits = lastTenDigits(phone);
        // One refusal for a wrong name and a wrong number alike: a stranger learns nothing from it.
        Booking booking = database.bookingsOf(digits, today()).stream()
                .filter(candidate -> SpokenNames.similar(candidate.patient(), patient))
                .findFirst()
                .filter(candidate -> database.cancel(candidate.id()))
                .orElseThrow(() -> new ToolException(
                        "No booking stands under this name and this number. Ask the caller for both once more."));
        return Appointment.of(booking);
    }

    @Tool(name = "clinic_hours", value = "Tells on which of the next seven days a doctor works, and when.")
    @ToolPolicy(timeout = "3s", onInterrupt = OnInterrupt.CANCEL)
    List<WorkingDay> clinicHours(@P(value = "the doctor", name = "doctor") @ValuesFrom("doctorNames") String doctor) {
        return today().datesUntil(today().plusDays(7))
                .flatMap(day -> database.hours(doctor, day).stream()
                        .map(hours -> new WorkingDay(day, hours.opens(), hours.closes())))
                .toList();
    }

    List<String> doctorNames() {
        return database.doctorNames();
    }

    private List<LocalTime> upcoming(LocalDate day, List<LocalTime> times) {
        if (!day.equals(today())) {
            return times;
        }
        LocalTime now = clock.instant().atZone(zone).toLocalTime();
        return times.stream().filter(time -> time.isAfter(now)).toList();
    }

    private String freeTimes(String doctor, LocalDate day) {
        List<LocalTime> free = upcoming(day, database.freeTimes(doctor, day));
        return free.isEmpty() ? "Nothing is free on that day." : "Free on that day: " + free + ".";
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone);
    }

    /** Callers say a number with or without the country's code; the last ten digits are the subscriber's, and strict. */
    private static String lastTenDigits(String phone) {
        String digits = phone.chars()
                .filter(Character::isDigit)
                .map(digit -> Character.digit(digit, 10))
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
        if (digits.length() < PHONE_DIGITS) {
            throw new ToolException("A phone number has ten digits. Ask the caller for all of them.");
        }
        return digits.substring(digits.length() - PHONE_DIGITS);
    }

    /**
     * @param works whether the doctor works on that day at all
     * @param free the times that are free, none if all are taken
     */
    record Availability(
            String doctor,
            LocalDate date,
            boolean works,
            @JsonFormat(pattern = "HH:mm") List<LocalTime> free) {}

    /** An appointment as the model is told of it. */
    record Appointment(
            String doctor,
            LocalDate date,
            @JsonFormat(pattern = "HH:mm") LocalTime time) {
        static Appointment of(Booking booking) {
            return new Appointment(booking.doctor(), booking.day(), booking.time());
        }
    }

    /** A day on which a doctor works. */
    record WorkingDay(
            LocalDate date,
            @JsonFormat(pattern = "HH:mm") LocalTime opens,
            @JsonFormat(pattern = "HH:mm") LocalTime closes) {}
}
