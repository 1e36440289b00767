package dev.doorbell.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Who may depend on whom, and what nobody may do. The rules are made for a root package, so that the very rules that
 * hold for our classes are proven on a small bad system that lies below another root and breaks each of them.
 *
 * <p>A rule that finds no class to check fails; {@link #packages} are those that the rules name and that must exist.
 */
final class ArchitectureRules {
    private static final List<String> LAYERED_SERVICES = List.of("customer", "payment");
    private static final List<String> LAYERS = List.of("api", "usecase", "domain", "store", "messaging");
    private static final String SYSTEM_TESTS = "system";

    /** Besides quickstart and every {@code XxxMain}: they print what a person who started them waits for. */
    private static final List<String> MAY_PRINT = List.of(
            "service.Service",
            "service.Launcher",
            "service.DeadLetterCommands",
            "customer.ReconcileCommand",
            "relay.Install",
            "relay.ReplayCommand",
            "relay.StoppedSource");

    /**
     * Besides quickstart, local-stack and benchmarks, which have no event loop: the end of the process, calls of Kafka's blocking
     * clients, made on worker threads, and what stops the whole process anyway.
     */
    private static final List<String> MAY_BLOCK = List.of(
            "service.Service",
            "service.DeadLetterCommands",
            "customer.ReconcileCommand",
            "relay.KafkaTopics",
            "relay.Publisher",
            "relay.ReplayCommand",
            "outbox.Failpoint");

    /** Each module's package and those of ours that its main code may use besides itself. */
    private static final Map<String, List<String>> MODULES = modules();

    private final String root;

    /** @param root {@code dev.doorbell}, or where the bad examples lie */
    ArchitectureRules(String root) {
        this.root = root;
    }

    private static Map<String, List<String>> modules() {
        Map<String, List<String>> modules = new LinkedHashMap<>();
        modules.put("messages", List.of());
        modules.put("outbox", List.of());
        modules.put("localstack", List.of());
        modules.put("service", List.of("outbox"));
        modules.put("customer", List.of("outbox", "messages", "service"));
        modules.put("payment", List.of("outbox", "messages", "service"));
        modules.put("relay", List.of("outbox", "service"));
        modules.put(
                "quickstart", List.of("localstack", "customer", "payment", "relay", "service", "outbox", "messages"));
        // It measures the services as whole processes.
        modules.put("benchmarks", List.of("localstack", "service"));
        return modules;
    }

    /** The packages that the rules name: one without a class means that a rule has lost what it guards. */
    List<String> packages() {
        List<String> packages = new ArrayList<>();
        MODULES.keySet().forEach(module -> packages.add(module(module)));
        for (String layer : LAYERS) {
            for (String service : LAYERED_SERVICES) {
                packages.add(module(service + "." + layer));
            }
        }
        return packages;
    }

    /** The classes that the rules except: one that is gone should not be excepted any longer. */
    List<String> exceptions() {
        return Stream.concat(MAY_PRINT.stream(), MAY_BLOCK.stream())
                .map(name -> root + "." + name)
                .distinct()
                .toList();
    }

    /** Rules for main code, by the name that stands in the failure. */
    Map<String, ArchRule> ofMainCode() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        MODULES.forEach((module, allowed) -> rules.put("module " + module, dependsOnlyOn(module, allowed)));
        rules.put("modules are known", modulesAreKnown());
        rules.put("domain", domainIsPlainJava());
        rules.put("store", storeKnowsNoCaller());
        rules.put("use cases", useCasesKnowNoTransport());
        rules.put("SQL", sqlStaysBehindTheStore());
        rules.put("wiring", nobodyDependsOnTheWiring());
        rules.put("cycles", packagesOfAModuleHaveNoCycles());
        rules.put("standard streams", standardStreamsAreForPrograms());
        rules.put("blocking", mainCodeNeverBlocksOnAFuture());
        return rules;
    }

    /** Rules for main and test code alike. */
    Map<String, ArchRule> ofAllCode() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("sleep", nobodySleeps());
        rules.put("java.util.logging", nobodyUsesJavaUtilLogging());
        return rules;
    }

    private ArchRule dependsOnlyOn(String module, List<String> allowed) {
        String[] may = Stream.concat(Stream.of(module), allowed.stream())
                .map(this::module)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(module(module))
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(may))))
                .because("of ours, " + module + " may use " + (allowed.isEmpty() ? "nothing" : allowed)
                        + "; services talk by events only, and libraries know no service");
    }

    private ArchRule modulesAreKnown() {
        String[] known = Stream.concat(MODULES.keySet().stream(), Stream.of(SYSTEM_TESTS))
                .map(this::module)
                .toArray(String[]::new);
        return classes()
                .should()
                .resideInAnyPackage(known)
                .because("a package that no rule knows is checked by none; add it to the modules here");
    }

    private ArchRule domainIsPlainJava() {
        return classes()
                .that()
                .resideInAnyPackage(layer("domain"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(layer("domain")).or(resideInAnyPackage("java..", module("messages"))))
                .because("the domain is the JDK and our payload records; it is tested without anything running");
    }

    private ArchRule storeKnowsNoCaller() {
        return noClasses()
                .that()
                .resideInAnyPackage(layer("store"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(layer("api", "messaging", "usecase"))
                .because("statements do not know what they are used for");
    }

    private ArchRule useCasesKnowNoTransport() {
        return noClasses()
                .that()
                .resideInAnyPackage(layer("usecase"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(layer("api", "messaging"))
                .because("a use case is the same for HTTP and for an event");
    }

    private ArchRule sqlStaysBehindTheStore() {
        return noClasses()
                .that()
                .resideInAnyPackage(layer("api", "messaging"))
                .should()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Sql")
                .because("HTTP and event handlers go through a use case");
    }

    private ArchRule nobodyDependsOnTheWiring() {
        return noClasses()
                .that()
                .resideInAnyPackage(LAYERED_SERVICES.stream()
                        .map(service -> root + "." + service + ".*..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..")
                        .and(simpleNameEndsWith("Main").or(simpleNameEndsWith("Verticle"))))
                .because("what is wired does not know who wires it");
    }

    private ArchRule packagesOfAModuleHaveNoCycles() {
        return slices().matching(root + ".(*).(*)..")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle can only be read, tested and moved together");
    }

    private ArchRule standardStreamsAreForPrograms() {
        DescribedPredicate<JavaClass> programs = resideInAPackage(module("quickstart"))
                .or(simpleNameEndsWith("Main"))
                .or(named(MAY_PRINT));
        return noClasses()
                .that(not(programs))
                .should(ACCESS_STANDARD_STREAMS)
                .because("only a program talks to its user; everything else logs");
    }

    private ArchRule mainCodeNeverBlocksOnAFuture() {
        DescribedPredicate<JavaClass> mayBlock = resideInAnyPackage(
                        module("quickstart"), module("localstack"), module("benchmarks"))
                .or(named(MAY_BLOCK));
        return noClasses()
                .that(not(mayBlock))
                .should()
                .accessTargetWhere(calls("waits for a future", Set.of("get", "join"), Future.class)
                        // Vert.x's join composes; its await blocks.
                        .or(calls("awaits a future", Set.of("await"), io.vertx.core.Future.class)))
                .because("an event loop that waits serves nobody; compose the futures instead");
    }

    private ArchRule nobodySleeps() {
        return noClasses()
                .should()
                .accessTargetWhere(calls("sleeps", Set.of("sleep"), Thread.class, TimeUnit.class))
                .because(
                        "a sleep is too short on a slow machine and too long on any other: wait for a named condition");
    }

    private ArchRule nobodyUsesJavaUtilLogging() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .because("we log through SLF4J, in one format");
    }

    private String module(String module) {
        return root + "." + module + "..";
    }

    private String[] layer(String... layers) {
        return LAYERED_SERVICES.stream()
                .flatMap(service -> Stream.of(layers).map(layer -> module(service + "." + layer)))
                .toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> simpleNameEndsWith(String suffix) {
        return DescribedPredicate.describe(
                "a simple name that ends with " + suffix,
                type -> type.getSimpleName().endsWith(suffix));
    }

    /** Lambdas and nested classes of the named ones included. */
    private DescribedPredicate<JavaClass> named(List<String> names) {
        List<String> full = names.stream().map(name -> root + "." + name).toList();
        return DescribedPredicate.describe(
                "are one of " + names, type -> full.contains(type.getName().split("\\$", 2)[0]));
    }

    /** Calls and method references, on the types and whatever is assignable to them. */
    private static DescribedPredicate<JavaAccess<?>> calls(String what, Set<String> methods, Class<?>... owners) {
        return DescribedPredicate.describe(
                what,
                access -> methods.contains(access.getTarget().getName())
                        && Stream.of(owners).anyMatch(access.getTargetOwner()::isAssignableTo));
    }
}
