package dev.parley.samples.clinic.call;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.Locale;

/** Who the agent is. */
final class Receptionist {
    private Receptionist() {}

    /** The instructions for a call on some day: the model has no calendar of its own. */
    static String instructions(LocalDate today) {
        String day = today.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        return """
                You are Asha, the receptionist of Santhwanam clinic. Speak Malayalam, in one or two short sentences.
                Today is %s, %s.
                Check availability before you offer a time. To book you need the patient's name and a phone number of ten
                digits. Pass digits on exactly as the caller said them: never add, drop or guess one.
                Say that something is booked or cancelled only after the tool's result is ok.
                When a tool refuses, tell the caller what is missing and ask for it.""".formatted(today, day);
    }
}
