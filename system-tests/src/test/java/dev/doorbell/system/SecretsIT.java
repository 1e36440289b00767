package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Card numbers and CVVs go nowhere: not into a log of any process, a table of either database, a topic, or the files of
 * PostgreSQL and its write-ahead log. The last class to run, so that it searches what all others have left as well.
 */
@ExtendWith(SystemExtension.class)
@Order(Integer.MAX_VALUE)
class SecretsIT {
    /** Test numbers of the networks, and one whose first digits occur nowhere by chance. */
    private static final String OWN_CARD = "4539578763621486";

    private static final List<String> CARDS = List.of(OWN_CARD, "4111111111111111");
    /** Begins with a zero, so that no number that anybody prints looks like it. */
    private static final String OWN_CVV = "0417";
    /** Not within an id, a time or a longer number. */
    private static final Pattern CVV =
            Pattern.compile("(?<![0-9A-Za-z.:_-])" + OWN_CVV + "(?![0-9A-Za-z-])|(?i)cvv\"?\\s*[:=]");

    private static final String TABLES = """
            SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
            """;

    private final RunningSystem system;

    SecretsIT(RunningSystem system) {
        this.system = system;
    }

    @Test
    void cardNumberAndCvvAreInNoLogTableTopicOrFile() throws IOException {
        registerInEveryWay();
        // What is still in a buffer of theirs is in their logs only after an orderly end.
        for (ServiceJar jar : ServiceJar.values()) {
            assertThat(system.service(jar).terminate()).as(jar.service()).isZero();
        }

        Map<String, String> places = logs();
        for (Database database : List.of(system.customers(), system.payments())) {
            for (String table : database.texts(TABLES)) {
                places.put("table " + database.name() + " " + table, String.join("\n", database.cells(table)));
            }
        }
        for (String topic : system.settlement().topics()) {
            places.put("topic " + topic, topic(topic));
        }

        assertThat(places.get("topic " + Topics.CUSTOMER))
                .as("the search finds what is there")
                .contains("************1486");
        assertThat(places.get("table customers public.customer")).contains("1486");
        assertThat(places.get("table payments public.payment")).contains("************1486");
        places.forEach((place, text) -> {
            assertThat(cardIn(text)).as("a card number in %s", place).isNull();
            assertThat(CVV.matcher(text).find()).as("a CVV in %s", place).isFalse();
        });
        requireNoCardInFilesBelow(system.stack().postgres().directory());
    }

    private void registerInEveryWay() {
        Registrations registrations = system.registrations();
        NewRegistration good = NewRegistration.sample().withCard("4539 5787-6362 1486", OWN_CVV);
        UUID success = registrations.register(good);
        UUID failure = registrations.register(
                NewRegistration.sample().withCard(OWN_CARD, OWN_CVV).withBalance("0.10"));
        registrations.awaitTerminal(success);
        registrations.awaitTerminal(failure);
        List<String> refused = List.of(
                good.json(),
                good.withValidThru("soon").withUsername("").json(),
                good.withCard(OWN_CARD + "7", OWN_CVV).json(),
                good.withUsername(OWN_CARD).withBalance("much").json(),
                good.json().substring(1),
                good.json().replace("\"number\"", "\"pan\""));
        for (String body : refused) {
            var answer = registrations.post(body, null);
            assertThat(answer.statusCode()).isBetween(400, 422);
            assertThat(cardIn(answer.body())).as("a card number in an answer").isNull();
            assertThat(answer.body()).doesNotContain(OWN_CVV);
        }
        system.awaitRest();
    }

    private Map<String, String> logs() throws IOException {
        Map<String, String> logs = new LinkedHashMap<>();
        List<Path> directories = List.of(
                ServiceProcess.logs(),
                system.stack().postgres().directory(),
                system.stack().kafka().directory());
        for (Path directory : directories) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".log")).toList()) {
                    logs.put("log " + file.getFileName(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertThat(logs.keySet())
                .as("logs of every kind of process")
                .anyMatch(name -> name.contains("customer-verticle"))
                .anyMatch(name -> name.contains("payment-verticle"))
                .anyMatch(name -> name.contains("relay-verticle"))
                .anyMatch(name -> name.contains("postgresql"))
                .anyMatch(name -> name.contains("broker"));
        return logs;
    }

    private String topic(String topic) {
        List<String> texts = new ArrayList<>();
        system.reader().read(topic).forEach(record -> {
            if (record.key() != null) {
                texts.add(TopicReader.key(record));
            }
            if (record.value() != null) {
                texts.add(TopicReader.value(record));
            }
            record.headers().forEach(header -> {
                if (header.value() != null) {
                    texts.add(new String(header.value(), StandardCharsets.UTF_8));
                }
            });
        });
        return String.join("\n", texts);
    }

    /** Tables, indexes and the write-ahead log as they lie on the disk, deleted rows included. */
    private static void requireNoCardInFilesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    assertThat(cardIn(Files.readString(file, StandardCharsets.ISO_8859_1)))
                            .as("a card number in %s", file)
                            .isNull();
                } catch (NoSuchFileException removedMeanwhile) {
                    continue;
                }
            }
        }
    }

    /** The first card whose number is in the text, also without its last four digits or with separators; null if none. */
    private static String cardIn(String text) {
        String digits = text.replace(" ", "").replace("-", "");
        return CARDS.stream()
                .filter(card -> text.contains(card.substring(0, 12)) || digits.contains(card.substring(0, 12)))
                .findFirst()
                .orElse(null);
    }
}
