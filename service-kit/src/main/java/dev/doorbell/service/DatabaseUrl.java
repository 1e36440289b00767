package dev.doorbell.service;

import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL database as {@code postgresql://user:password@host:port/database}, parts percent-encoded. Its text form
 * leaves the password out, so that it can stand in a log.
 */
public record DatabaseUrl(String host, int port, String database, String user, String password) {
    private static final int PORT_DEFAULT = 5432;
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    static final String FORM = "postgresql://user:password@host:port/database, parts percent-encoded";

    /** @throws IllegalArgumentException with a message that names what is wrong and does not repeat the value. */
    public static DatabaseUrl parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not of the form " + FORM);
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw new IllegalArgumentException("is not of the form " + FORM);
        }
        String authority = uri.getRawAuthority();
        if (authority == null || uri.getRawPath() == null || uri.getRawPath().length() < 2) {
            throw new IllegalArgumentException("names no host or no database; the form is " + FORM);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("has parameters behind the database, which are not supported");
        }
        int at = authority.lastIndexOf('@');
        int colon = authority.indexOf(':');
        if (at < 0 || colon < 1 || colon > at) {
            throw new IllegalArgumentException("names no user or no password; the form is " + FORM);
        }
        // By hand, because URI takes a host with an underscore, usual among containers, for no host at all.
        Matcher server = SERVER.matcher(authority.substring(at + 1));
        if (!server.matches()) {
            throw new IllegalArgumentException("names no host, or a port that is none; the form is " + FORM);
        }
        return new DatabaseUrl(
                server.group(1),
                server.group(2) == null ? PORT_DEFAULT : Integer.parseInt(server.group(2)),
                decode(uri.getRawPath().substring(1)),
                decode(authority.substring(0, colon)),
                decode(authority.substring(colon + 1, at)));
    }

    /** A JDBC connection, for what runs once and may block: migrations and commands. The caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password);
    }

    /**
     * Options for a Vert.x connection. {@code tcp_user_timeout} ends a session whose peer is frozen in the middle of a
     * result, which no other PostgreSQL time-out does; {@code lock_timeout} bounds what a statement can wait for,
     * {@code statement_timeout} what it can take. {@code idle_in_transaction_session_timeout} exceeds the 8 s that
     * a consumer's handlers may take, and bounds how long a frozen member can hold up its successor.
     */
    public PgConnectOptions connectOptions(String applicationName) {
        return new PgConnectOptions()
                .setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                .setPort(port)
                .setDatabase(database)
                .setUser(user)
                .setPassword(password)
                .setCachePreparedStatements(true)
                .setProperties(new HashMap<>(Map.of(
                        "application_name", applicationName,
                        "idle_in_transaction_session_timeout", "10s",
                        "statement_timeout", "30s",
                        "tcp_user_timeout", "10s",
                        "tcp_keepalives_idle", "10s",
                        "lock_timeout", "5s",
                        "client_encoding", "UTF8")));
    }

    /** The same database for JDBC, which only migrations use; user and password go beside it. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8)
                + "?connectTimeout=5&loginTimeout=5";
    }

    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }

    private static String decode(String part) {
        // URLDecoder is made for forms, where + is a space; in a URL's parts it is a plus.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
