package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Our classes keep the rules; the bad examples break them and are named; and no rule passes for want of classes. The
 * last two matter as much as the first: a rule that checks nothing after a renaming passes for ever.
 */
class ArchitectureTest {
    /** By rule: the classes among the bad examples that it must name, and no other. */
    private static final Map<String, List<String>> OFFENDERS = Map.ofEntries(
            Map.entry("module messages", List.of("messages.UsesOutbox")),
            Map.entry("module outbox", List.of("outbox.UsesServiceKit")),
            Map.entry("module localstack", List.of("localstack.UsesOutbox")),
            Map.entry("module service", List.of("service.UsesCustomer")),
            Map.entry("module customer", List.of("customer.UsesPayment", "customer.UsesLocalStack")),
            Map.entry("module payment", List.of("payment.UsesCustomer", "payment.UsesRelay")),
            Map.entry("module relay", List.of("relay.UsesCustomer")),
            Map.entry("module quickstart", List.of("quickstart.UsesSystemTests")),
            Map.entry("module benchmarks", List.of("benchmarks.UsesRelay")),
            Map.entry("modules are known", List.of("renamed.InNoKnownModule")),
            Map.entry(
                    "domain",
                    List.of(
                            "customer.domain.UsesJackson",
                            "customer.domain.UsesKafka",
                            "customer.domain.UsesVertx",
                            "payment.domain.UsesStore")),
            Map.entry("store", List.of("customer.store.UsesUseCase")),
            Map.entry("use cases", List.of("customer.usecase.UsesApi", "payment.usecase.UsesMessaging")),
            Map.entry("SQL", List.of("payment.api.UsesSql", "payment.messaging.UsesSql")),
            Map.entry("wiring", List.of("payment.store.UsesVerticle")),
            Map.entry("cycles", List.of("relay.one.UsesTwo", "relay.two.UsesOne")),
            Map.entry(
                    "standard streams",
                    List.of("outbox.Prints", "outbox.PrintsByReference", "outbox.PrintsStackTrace", "service.Prints")),
            Map.entry(
                    "blocking",
                    List.of(
                            "relay.BlocksByReference",
                            "relay.BlocksOnCompletableFuture",
                            "relay.BlocksOnKafka",
                            "relay.BlocksOnVertx")),
            Map.entry("sleep", List.of("relay.Sleeps", "relay.SleepsByReference", "relay.SleepsByTimeUnit")),
            Map.entry("java.util.logging", List.of("relay.UsesJavaUtilLogging")));

    private final ArchitectureRules rules = new ArchitectureRules("dev.doorbell");

    @TestFactory
    Stream<DynamicTest> mainCodeKeeps() {
        JavaClasses classes = OurClasses.main();
        return tests(rules.ofMainCode(), rule -> rule.check(classes));
    }

    @TestFactory
    Stream<DynamicTest> mainAndTestCodeKeep() {
        JavaClasses classes = OurClasses.mainAndTest();
        return tests(rules.ofAllCode(), rule -> rule.check(classes));
    }

    @TestFactory
    Stream<DynamicTest> packagesThatTheRulesNameExist() {
        JavaClasses classes = OurClasses.main();
        return rules.packages().stream()
                .map(pattern -> DynamicTest.dynamicTest(
                        pattern,
                        () -> assertThat(classes.stream()
                                        .filter(JavaClass.Predicates.resideInAPackage(pattern))
                                        .anyMatch(type -> !type.getSimpleName().equals("package-info")))
                                .as("a rule guards %s, where no class is", pattern)
                                .isTrue()));
    }

    @Test
    void classesThatTheRulesExceptExist() {
        assertThat(OurClasses.main().stream().map(JavaClass::getName)).containsAll(rules.exceptions());
    }

    @TestFactory
    Stream<DynamicTest> badExamplesAreRejectedByName() {
        String root = OurClasses.badExamplesRoot();
        JavaClasses classes = OurClasses.badExamples();
        return all(new ArchitectureRules(root)).entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
                    List<String> failures =
                            rule.getValue().evaluate(classes).getFailureReport().getDetails();
                    List<String> offenders = OFFENDERS.get(rule.getKey()).stream()
                            .map(offender -> root + "." + offender)
                            .toList();
                    assertThat(offenders)
                            .allSatisfy(offender -> assertThat(failures)
                                    .anySatisfy(failure -> assertThat(failure).contains(offender)));
                    assertThat(failures)
                            .allSatisfy(failure -> assertThat(failure).containsAnyOf(offenders.toArray(String[]::new)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> rulesRefuseToCheckNothing() {
        JavaClasses none = new ClassFileImporter().importPackages("dev.doorbell.nosuchpackage");
        return tests(
                all(rules),
                rule -> assertThatThrownBy(() -> rule.check(none))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("failed to check any classes"));
    }

    @Test
    void everyRuleHasABadExample() {
        assertThat(OFFENDERS.keySet()).isEqualTo(all(rules).keySet());
    }

    private static Map<String, ArchRule> all(ArchitectureRules rules) {
        Map<String, ArchRule> all = new LinkedHashMap<>(rules.ofMainCode());
        all.putAll(rules.ofAllCode());
        return all;
    }

    private static Stream<DynamicTest> tests(Map<String, ArchRule> rules, Consumer<ArchRule> test) {
        return rules.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> test.accept(rule.getValue())));
    }
}
