package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPostgresTest {
    private static final String QUOTED = "it's \\ %m ";
    private static int givenPort;
    private static LocalPostgres postgres;

    @BeforeAll
    static void start() {
        givenPort = Ports.free();
        postgres = LocalPostgres.start(LocalPostgres.Options.defaults()
                .withPort(givenPort)
                .withSetting("max_prepared_transactions", "7")
                .withSetting("log_line_prefix", QUOTED));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void isDurable(String setting) throws SQLException {
        assertThat(query("SHOW " + setting)).isEqualTo("on");
    }

    @Test
    void isTheVersionAsked() throws SQLException {
        assertThat(query("SHOW server_version")).startsWith("18.");
    }

    @Test
    void listensOnTheGivenPortOfTheLoopbackInterfaceOnly() throws SQLException {
        assertThat(postgres.port()).isEqualTo(givenPort);
        assertThat(query("SHOW port")).isEqualTo(Integer.toString(givenPort));
        assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void takesFurtherSettings() throws SQLException {
        assertThat(query("SHOW max_prepared_transactions")).isEqualTo("7");
        assertThat(query("SHOW log_line_prefix")).isEqualTo(QUOTED);
    }

    @Test
    void refusesAWrongPassword() {
        String url = postgres.jdbcUrl("postgres").replace(postgres.password(), "wrong");
        assertThatThrownBy(() -> DriverManager.getConnection(url).close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void createsADatabaseOnce() throws SQLException {
        postgres.createDatabase("shop-1");
        postgres.createDatabase("shop-1");
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("shop-1"))) {
            assertThat(connection.getCatalog()).isEqualTo("shop-1");
        }
        assertThat(postgres.url("shop-1"))
                .isEqualTo("postgresql://postgres:" + postgres.password() + "@127.0.0.1:" + givenPort + "/shop-1");
    }

    @Test
    void keepsCommittedRowsWhenKilledAndWhenStopped() throws SQLException {
        execute("CREATE TABLE kept AS SELECT 42 AS answer");
        long first = postgres.pid();
        ProcessHandle postmaster = ProcessHandle.of(first).orElseThrow();
        postgres.kill();
        assertThat(OwnedProcesses.hasEnded(postmaster)).isTrue();
        assertThatThrownBy(() -> query("SELECT 1")).isInstanceOf(SQLException.class);
        postgres.startAgain();
        long second = postgres.pid();
        assertThat(second).isNotEqualTo(first);
        assertThat(query("SELECT answer FROM kept")).isEqualTo("42");
        postgres.restart();
        assertThat(postgres.pid()).isNotEqualTo(second);
        assertThat(query("SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void refusesSettingsAndNamesThatCannotBe() {
        LocalPostgres.Options options = LocalPostgres.Options.defaults();
        assertThatThrownBy(() -> options.withSetting("port", "1")).hasMessage("port is set by LocalPostgres");
        assertThatThrownBy(() -> options.withSetting("a b", "1")).hasMessageContaining("a b");
        assertThatThrownBy(() -> options.withPort(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> postgres.createDatabase("a\"b")).hasMessageContaining("not the name of a database");
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
