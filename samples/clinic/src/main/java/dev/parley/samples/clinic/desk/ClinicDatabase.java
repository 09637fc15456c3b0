package dev.parley.samples.clinic.desk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The clinic's doctors, their hours, and the appointments that stand: H2 or PostgreSQL, by JDBC.
 *
 * <p>Thread-safe: each operation has a connection and a transaction of its own, and the database itself keeps two
 * callers from one slot (a unique constraint), in whatever process they are.
 */
public final class ClinicDatabase implements AutoCloseable {
    /** SQL's state for a broken unique constraint, the same for H2 and PostgreSQL. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String NAMELESS = "jdbc:h2:mem:";

    private final String url;
    /** An H2 database in memory lives as long as some connection does. */
    private final Connection keeper;

    private ClinicDatabase(String url, Connection keeper) {
        this.url = url;
        this.keeper = keeper;
    }

    /**
     * Opens the database; an empty one gets tables, doctors and hours.
     *
     * @param url {@code jdbc:h2:mem:clinic}, {@code jdbc:h2:file:…}, or {@code jdbc:postgresql://host/name?user=…}
     * @throws DatabaseException that says why it cannot be opened, without the URL, which may hold a password
     */
    @SuppressWarnings("MustBeClosedChecker")
    public static ClinicDatabase open(String url) {
        if (!url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
            throw new DatabaseException("a database URL begins with jdbc:h2: or jdbc:postgresql:", null);
        }
        if (url.equals(NAMELESS) || url.startsWith(NAMELESS + ";")) {
            throw new DatabaseException(
                    "a database in memory needs a name, as in " + NAMELESS + "clinic, or each connection has its own",
                    null);
        }
        Connection keeper;
        try {
            keeper = DriverManager.getConnection(withoutTraceFile(url));
        } catch (SQLException e) {
            throw new DatabaseException("the database cannot be opened: " + reason(e), e);
        }
        ClinicDatabase database = new ClinicDatabase(withoutTraceFile(url), keeper);
        try {
            database.createTables();
            SampleData.addDoctors(database);
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The names of all doctors, in alphabetical order. */
    public List<String> doctorNames() {
        return inTransaction(connection -> {
            try (PreparedStatement query = connection.prepareStatement("select name from clinic_doctor order by name");
                    ResultSet rows = query.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        });
    }

    /** When a doctor works on a day; empty if not at all. */
    public Optional<Hours> hours(String doctor, LocalDate day) {
        return inTransaction(connection -> hours(connection, doctor, day));
    }

    /** The times on a day that are still free, in order; none if the doctor does not work. */
    public List<LocalTime> freeTimes(String doctor, LocalDate day) {
        return inTransaction(connection -> {
            Optional<Hours> hours = hours(connection, doctor, day);
            if (hours.isEmpty()) {
                return List.of();
            }
            List<LocalTime> free = new ArrayList<>(hours.get().slots());
            try (PreparedStatement query = connection.prepareStatement(
                    "select b.starts from clinic_booking b join clinic_doctor d on d.id = b.doctor_id"
                            + " where d.name = ? and b.on_day = ?")) {
                query.setString(1, doctor);
                query.setObject(2, day);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        free.remove(rows.getObject(1, LocalTime.class));
                    }
                }
            }
            return List.copyOf(free);
        });
    }

    /**
     * Books a slot.
     *
     * @return the booking; empty if the slot is taken
     * @throws DatabaseException if there is no such doctor
     */
    public Optional<Booking> book(String doctor, LocalDate day, LocalTime time, String patient, String phone) {
        return inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into clinic_booking (doctor_id, on_day, starts, patient, phone)"
                            + " values ((select id from clinic_doctor where name = ?), ?, ?, ?, ?)",
                    Statement.RETURN_GENERATED_KEYS)) {
                insert.setString(1, doctor);
                insert.setObject(2, day);
                insert.setObject(3, time);
                insert.setString(4, patient);
                insert.setString(5, phone);
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    keys.next();
                    return Optional.of(new Booking(keys.getLong("id"), doctor, day, time, patient, phone));
                }
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    connection.rollback();
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** The appointments from some day on that were booked with a phone number, the earliest first. */
    public List<Booking> bookingsOf(String phone, LocalDate from) {
        return inTransaction(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "select b.id, d.name, b.on_day, b.starts, b.patient, b.phone from clinic_booking b"
                            + " join clinic_doctor d on d.id = b.doctor_id"
                            + " where b.phone = ? and b.on_day >= ? order by b.on_day, b.starts")) {
                query.setString(1, phone);
                query.setObject(2, from);
                List<Booking> bookings = new ArrayList<>();
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        bookings.add(new Booking(
                                rows.getLong(1),
                                rows.getString(2),
                                rows.getObject(3, LocalDate.class),
                                rows.getObject(4, LocalTime.class),
                                rows.getString(5),
                                rows.getString(6)));
                    }
                }
                return List.copyOf(bookings);
            }
        });
    }

    /**
     * Takes an appointment back; its slot is free again.
     *
     * @return false if it does not stand any more
     */
    public boolean cancel(long id) {
        return update("delete from clinic_booking where id = ?", id) == 1;
    }

    /** Runs one statement in a transaction of its own; how many rows it changed. */
    int update(String sql, Object... values) {
        return inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    /** Closes it; a database in memory is gone then. */
    @Override
    public void close() {
        try {
            keeper.close();
        } catch (SQLException e) {
            throw new DatabaseException("the database did not close", e);
        }
    }

    private static Optional<Hours> hours(Connection connection, String doctor, LocalDate day) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select h.opens, h.closes from clinic_hours h join clinic_doctor d on d.id = h.doctor_id"
                        + " where d.name = ? and h.weekday = ?")) {
            query.setString(1, doctor);
            query.setInt(2, day.getDayOfWeek().getValue());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Hours(rows.getObject(1, LocalTime.class), rows.getObject(2, LocalTime.class)))
                        : Optional.empty();
            }
        }
    }

    /** The database's own words as the end of one sentence: without the statement, H2's number, and the URL. */
    private static String reason(SQLException e) {
        String why = Objects.requireNonNullElse(e.getMessage(), "SQL state " + e.getSQLState());
        return why.lines()
                .findFirst()
                .orElse(why)
                .replaceFirst("; SQL statement:$", "")
                .replaceFirst(" ?\\[\\d+-\\d+\\]$", "")
                .replaceAll(" ?(URL )?(\"jdbc:.*\"|jdbc:\\S*)", " URL")
                .replace(". ", ": ")
                .replaceFirst("\\.+$", "");
    }

    /** H2 would write a log of its own, and print what hinders it. What is wrong comes as an exception anyway. */
    private static String withoutTraceFile(String url) {
        return url.startsWith("jdbc:h2:") ? url + ";TRACE_LEVEL_FILE=0" : url;
    }

    private void createTables() {
        String schema;
        try (InputStream file = Objects.requireNonNull(ClinicDatabase.class.getResourceAsStream("schema.sql"))) {
            schema = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String statement : schema.split(";", -1)) {
            if (!statement.isBlank()) {
                update(statement);
            }
        }
    }

    private <T> T inTransaction(Work<T> work) {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseException("the clinic's database refused: " + reason(e), e);
        }
    }

    /** What happens in one transaction. */
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
