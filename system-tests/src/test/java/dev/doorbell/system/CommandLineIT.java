package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.CustomerConfig;
import dev.doorbell.payment.PaymentConfig;
import dev.doorbell.service.Setting;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person who starts a jar by hand is told, and by which exit code a script knows it. */
@ExtendWith(SystemExtension.class)
class CommandLineIT {
    private static final String SECRET = "a-password-not-to-be-printed";

    private final RunningSystem system;

    CommandLineIT(RunningSystem system) {
        this.system = system;
    }

    @Test
    void helpListsEverySettingWithDefaultAndUnit() throws Exception {
        Map<ServiceJar, ServiceProcess> runs = new HashMap<>();
        for (ServiceJar jar : ServiceJar.values()) {
            runs.put(jar, system.run(jar, Map.of(), "--help"));
        }
        for (ServiceJar jar : ServiceJar.values()) {
            ServiceProcess help = runs.get(jar);
            assertThat(help.exitCode()).as("%s", help.output()).isZero();
            List<String> expected = new ArrayList<>();
            for (Setting<?> setting : settings(jar)) {
                String value = setting.required() ? "required" : "default " + setting.defaultText();
                expected.add("  " + setting.name());
                expected.add("      " + setting.description());
                expected.add("      " + setting.unit() + "; " + value);
            }
            assertThat(help.output()).as("%s --help", jar.service()).containsSubsequence(expected);
            assertThat(help.output()).anyMatch(line -> line.startsWith("  migrate "));
            assertThat(expected).contains("  " + databaseSetting(jar), "  HTTP_PORT", "  KAFKA_BOOTSTRAP_SERVERS");
        }
    }

    /** The relay's list is its own package's business, and nobody's but this test's. */
    private static List<Setting<?>> settings(ServiceJar jar) throws ReflectiveOperationException {
        return switch (jar) {
            case CUSTOMER -> CustomerConfig.SETTINGS;
            case PAYMENT -> PaymentConfig.SETTINGS;
            case RELAY -> {
                Field list = Class.forName("dev.doorbell.relay.RelayConfig").getDeclaredField("SETTINGS");
                list.setAccessible(true);
                yield ((List<?>) list.get(null))
                        .stream()
                                .<Setting<?>>map(setting -> (Setting<?>) setting)
                                .toList();
            }
        };
    }

    private static String databaseSetting(ServiceJar jar) {
        return jar == ServiceJar.RELAY ? "RELAY_SOURCES" : "DATABASE_URL";
    }

    @Test
    void wrongSettingIsOneLineThatNamesItAndExitCodeOne() {
        List<ServiceProcess> runs = Stream.of(ServiceJar.values())
                .map(jar -> {
                    Map<String, String> environment = new HashMap<>(system.environment(jar));
                    environment.put("HTTP_PORT", "many");
                    return system.run(jar, environment);
                })
                .toList();
        for (ServiceProcess run : runs) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output())
                    .containsExactly(run.jar().service() + ": HTTP_PORT \"many\" is not a whole number");
        }
    }

    @Test
    void wrongSettingThatHoldsASecretIsNamedAndNotRepeated() {
        List<ServiceProcess> runs = Stream.of(ServiceJar.values())
                .map(jar -> system.run(
                        jar, Map.of(databaseSetting(jar), "customers=mysql://user:" + SECRET + "@localhost/db")))
                .toList();
        for (ServiceProcess run : runs) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith(run.jar().service() + ": " + databaseSetting(run.jar()))
                            .doesNotContain(SECRET));
        }
    }

    @Test
    void unmigratedSchemaIsOneLineThatNamesTheCommandAndExitCodeOne() {
        system.createDatabase("unmigrated");
        List<ServiceProcess> runs = Stream.of(ServiceJar.CUSTOMER, ServiceJar.PAYMENT)
                .map(jar -> system.startAnother(jar, Map.of("DATABASE_URL", system.databaseUrl("unmigrated"))))
                .toList();
        for (ServiceProcess run : runs) {
            assertThat(run.exitCode()).isEqualTo(1);
            String prefix = run.jar().service() + ": ";
            assertThat(run.output().stream().filter(line -> line.startsWith(prefix)))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("java -jar " + run.jar().service() + ".jar migrate"));
            assertThat(run.output())
                    .as("nothing but that line and log lines")
                    .noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR "));
        }
    }

    /** One source must not stop the others, so the relay says it and goes on; it takes the source once it is migrated. */
    @Test
    void relayRefusesAnUnmigratedSourceByALineThatNamesTheCommandAndGoesOnUntilSigterm() {
        system.createDatabase("unmigrated_source");
        ServiceProcess relay = system.startAnother(
                ServiceJar.RELAY, Map.of("RELAY_SOURCES", "late=" + system.databaseUrl("unmigrated_source")));
        relay.awaitReady();
        Waiting.until("the relay refuses the source")
                .until(() -> relay.output().stream()
                        .anyMatch(line -> line.contains("source late refused")
                                && line.contains("java -jar relay-verticle.jar migrate")));

        ServiceProcess migration = system.run(ServiceJar.RELAY, relay.environment(), "migrate");
        assertThat(migration.exitCode()).as("%s", migration.output()).isZero();
        Waiting.until("the relay leads the source")
                .until(() -> relay.output().stream().anyMatch(line -> line.endsWith("source late leading")));

        assertThat(relay.terminate()).isZero();
    }
}
