package dev.parley.samples.clinic.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Clock;
import dev.parley.tools.ToolCall;
import dev.parley.tools.ToolResult;
import dev.parley.tools.Toolbox;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receptionist's tools as a model calls them. */
class ClinicToolsTest {
    private final LocalDate today = LocalDate.now(ZoneId.systemDefault());
    private final LocalDate tomorrow = today.plusDays(1);

    private final ClinicDatabase database = ClinicDatabase.open("jdbc:h2:mem:" + UUID.randomUUID());
    private final Toolbox toolbox = Toolbox.of(new ClinicTools(database, Clock.system(), ZoneId.systemDefault()));

    @BeforeEach
    void openingState() {
        SampleData.restoreBookings(database, today);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void availabilityTellsTheFreeTimesOfADay() throws Exception {
        assertThat(call("check_availability", """
                {"doctor":"ലക്ഷ്മി മേനോൻ","date":"%s"}""".formatted(tomorrow)).output()).isEqualTo("""
                        {"ok":true,"result":{"doctor":"ലക്ഷ്മി മേനോൻ","date":"%s","works":true,\
                        "free":["10:30","11:00","11:30","12:00","12:30"]}}""".formatted(tomorrow));
    }

    @Test
    void aDayInThePastIsRefusedWithTheArgumentsName() throws Exception {
        ToolResult result = call("check_availability", """
                {"doctor":"ലക്ഷ്മി മേനോൻ","date":"%s"}""".formatted(today.minusDays(1)));

        assertThat(result.errorCode()).isEqualTo("invalid_arguments");
        assertThat(result.output()).contains("\"violations\":[{\"argument\":\"date\"");
    }

    @Test
    void aDoctorWhoIsNotInTheDatabaseIsRefused() throws Exception {
        ToolResult result = call("check_availability", """
                {"doctor":"ആരുമല്ല","date":"%s"}""".formatted(tomorrow));

        assertThat(result.errorCode()).isEqualTo("invalid_arguments");
        assertThat(result.output()).contains("\"argument\":\"doctor\"");
    }

    @Test
    void doctorsAreLiveValues() {
        database.update("insert into clinic_doctor (id, name, speciality) values (9, 'പുതിയ ഡോക്ടർ', 'x')");

        assertThat(toolbox.definitions()).anySatisfy(definition -> {
            assertThat(definition.name()).isEqualTo("book_appointment");
            assertThat(definition.parametersJson()).contains("പുതിയ ഡോക്ടർ");
        });
    }

    @Test
    void nineDigitsAreRefusedBeforeAnythingIsBooked() throws Exception {
        ToolResult result = call("book_appointment", booking("10:30", "984701234"));

        assertThat(result.errorCode()).isEqualTo("invalid_arguments");
        assertThat(result.output()).contains("{\"argument\":\"phone\",\"problem\":\"must have exactly ten digits\"}");
        assertThat(database.freeTimes(SampleData.LAKSHMI, tomorrow)).contains(LocalTime.of(10, 30));
    }

    @Test
    void aBookingIsInTheDatabaseBeforeTheModelHearsOfIt() throws Exception {
        ToolResult result = call("book_appointment", booking("10:30", "൯൮൪൭൦൧൨൩൪൫"));

        assertThat(result.output()).isEqualTo("""
                        {"ok":true,"result":{"doctor":"ലക്ഷ്മി മേനോൻ","date":"%s","time":"10:30"}}""".formatted(tomorrow));
        assertThat(database.bookingsOf(SampleData.CALLER_PHONE, today))
                .extracting(Booking::patient)
                .containsExactly("അനിൽ കുമാർ");
    }

    @Test
    void aTakenSlotIsRefusedWithWhatIsFree() throws Exception {
        assertThat(call("book_appointment", booking("10:00", "9847012345")).output())
                .isEqualTo("""
                        {"ok":false,"error":{"code":"failed","message":"10:00 on %s is taken. Free on that day:\
                         [10:30, 11:00, 11:30, 12:00, 12:30]."}}""".formatted(tomorrow));
    }

    @Test
    void aTimeBetweenSlotsIsRefused() throws Exception {
        assertThat(call("book_appointment", booking("10:40", "9847012345")).output())
                .contains("No appointment begins at 10:40 on " + tomorrow + ". Free on that day: [10:30, ");
    }

    @ParameterizedTest
    @CsvSource({
        "ഗോപാലകൃഷ്ണൻ, 9447123456",
        "ഗോപാല കൃഷ്ണന്‍, +91 94471 ൨൩൪൫൬",
        "ഗോപാലകൃഷ്ണന്‍, 09447123456",
    })
    void cancellingKnowsACallerByTheLastTenDigitsAndAboutTheName(String name, String phone) throws Exception {
        assertThat(call("cancel_appointment", cancellation(name, phone)).ok()).isTrue();
        assertThat(database.bookingsOf(SampleData.FATHER_PHONE, today)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ഗോപാലകൃഷ്ണൻ, 9447123457",
        "സരസ്വതി അമ്മ, 9447123456",
    })
    void aStrangerCancelsNothingAndLearnsNothing(String name, String phone) throws Exception {
        assertThat(call("cancel_appointment", cancellation(name, phone)).output())
                .isEqualTo("""
                        {"ok":false,"error":{"code":"failed","message":"No booking stands under this name and this\
                         number. Ask the caller for both once more."}}""");
        assertThat(database.bookingsOf(SampleData.FATHER_PHONE, today)).hasSize(1);
    }

    @Test
    void hoursListAWeekOfWorkingDays() throws Exception {
        String output = call("clinic_hours", "{\"doctor\":\"" + SampleData.JOSEPH + "\"}")
                .output();

        assertThat(output.split("\"opens\":\"09:00\"", -1)).hasSize(4);
    }

    private String booking(String time, String phone) {
        return """
                {"doctor":"ലക്ഷ്മി മേനോൻ","date":"%s","time":"%s","patient":"അനിൽ കുമാർ","phone":"%s"}""".formatted(tomorrow, time, phone);
    }

    private static String cancellation(String name, String phone) {
        return "{\"patient\":\"" + name + "\",\"phone\":\"" + phone + "\"}";
    }

    private ToolResult call(String tool, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(tool, arguments)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
