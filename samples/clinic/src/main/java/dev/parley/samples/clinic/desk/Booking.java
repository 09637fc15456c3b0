package dev.parley.samples.clinic.desk;

import java.time.LocalDate;
import java.time.LocalTime;

/**
 * An appointment that stands.
 *
 * @param phone ten digits
 */
public record Booking(long id, String doctor, LocalDate day, LocalTime time, String patient, String phone) {
    /** Shows neither name nor number. */
    @Override
    public String toString() {
        return "Booking[id=" + id + ", doctor=" + doctor + ", day=" + day + ", time=" + time + "]";
    }
}
