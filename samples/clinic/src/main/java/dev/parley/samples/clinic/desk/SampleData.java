package dev.parley.samples.clinic.desk;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The doctors of the sample, and the bookings that its rehearsed call counts on. */
public final class SampleData {
    /** The doctor with whom the rehearsed call books, for tomorrow; free on each day of the week at the booked time. */
    public static final String LAKSHMI = "ലക്ഷ്മി മേനോൻ";
    /** The caller's ten digits. */
    public static final String CALLER_PHONE = "9847012345";
    /** His father's, whose booking the call cancels. */
    public static final String FATHER_PHONE = "9447123456";

    static final String THOMAS = "തോമസ് കുര്യൻ";
    static final String FATHIMA = "ഫാത്തിമ റഹ്മാൻ";
    static final String JOSEPH = "ജോസഫ് മാത്യു";
    private static final String NEIGHBOUR_PHONE = "9895012345";

    private static final List<Doctor> DOCTORS = List.of(
            new Doctor(1, LAKSHMI, "ജനറൽ മെഡിസിൻ", EnumSet.allOf(DayOfWeek.class), at(10), at(13)),
            new Doctor(2, THOMAS, "ശിശുരോഗം", EnumSet.allOf(DayOfWeek.class), at(16), at(19)),
            new Doctor(3, FATHIMA, "ശിശുരോഗം", EnumSet.allOf(DayOfWeek.class), at(14), at(17)),
            new Doctor(
                    4,
                    JOSEPH,
                    "ചർമ്മരോഗം",
                    EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.WEDNESDAY, DayOfWeek.FRIDAY),
                    at(9),
                    at(11)));

    private SampleData() {}

    /** Adds the doctors and their hours, unless there are doctors already. */
    static void addDoctors(ClinicDatabase database) {
        if (!database.doctorNames().isEmpty()) {
            return;
        }
        for (Doctor doctor : DOCTORS) {
            database.update(
                    "insert into clinic_doctor (id, name, speciality) values (?, ?, ?)",
                    doctor.id,
                    doctor.name,
                    doctor.speciality);
            for (DayOfWeek weekday : doctor.weekdays) {
                database.update(
                        "insert into clinic_hours (doctor_id, weekday, opens, closes) values (?, ?, ?, ?)",
                        doctor.id,
                        weekday.getValue(),
                        doctor.opens,
                        doctor.closes);
            }
        }
    }

    /**
     * Puts the bookings of the rehearsed call's people back to where the call begins: the caller has none, his father has
     * one in three days, a neighbour has tomorrow's first slot. Other people's bookings stay as they are.
     */
    public static void restoreBookings(ClinicDatabase database, LocalDate today) {
        for (String phone : List.of(CALLER_PHONE, FATHER_PHONE, NEIGHBOUR_PHONE)) {
            database.update("delete from clinic_booking where phone = ?", phone);
        }
        database.book(LAKSHMI, today.plusDays(1), at(10), "മേരി ജോസഫ്", NEIGHBOUR_PHONE);
        database.book(THOMAS, today.plusDays(3), LocalTime.of(17, 30), "ഗോപാലകൃഷ്ണൻ", FATHER_PHONE);
    }

    private static LocalTime at(int hour) {
        return LocalTime.of(hour, 0);
    }

    private record Doctor(
            int id, String name, String speciality, Set<DayOfWeek> weekdays, LocalTime opens, LocalTime closes) {}
}
