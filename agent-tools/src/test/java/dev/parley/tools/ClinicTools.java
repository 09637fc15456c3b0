package dev.parley.tools;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/** A receptionist's tools, as an application would write them: package-private methods among them. */
class ClinicTools {
    volatile List<String> doctors = List.of("Anitha", "Biju");

    enum Visit {
        FIRST,
        FOLLOW_UP
    }

    record Guest(@NotBlank String name, @Min(0) int age) {}

    record Slots(String doctor, LocalDate date, List<LocalTime> free) {}

    @Tool("Finds free times.")
    Slots checkAvailability(
            @P("the doctor") @ValuesFrom("doctorNames") String doctor, @P("the day") @FutureOrPresent LocalDate date) {
        return new Slots(doctor, date, List.of(LocalTime.of(9, 30)));
    }

    @Tool("Books a visit.")
    String book(
            @P("phone, ten digits") @Pattern(regexp = "\\d{10}") @Spoken @Sensitive String phone,
            Visit visit,
            @Size(max = 2) List<Guest> guests,
            Optional<String> note) {
        if (phone.equals("0000000000")) {
            throw new ToolException("This number is blocked; offer to connect a person.");
        }
        return phone + " " + visit + " " + guests + " " + note.orElse("-");
    }

    @SuppressWarnings("UnusedMethod") // private on purpose: the toolbox calls it
    @Tool("Ends nothing.")
    private void nothing() {}

    @Tool("Breaks.")
    String broken() {
        throw new IllegalStateException("the password is hunter2");
    }

    List<String> doctorNames() {
        return doctors;
    }
}
