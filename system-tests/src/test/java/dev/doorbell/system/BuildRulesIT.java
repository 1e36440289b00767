package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The parent pom's rules reject what they must: small projects below {@code src/build-rules} are built with our parent,
 * by Maven itself. Each breaks one rule; twins that break none show that it is the rule that fails them.
 */
class BuildRulesIT {
    @Test
    void goodProjectIsBuilt() throws Exception {
        MavenRun run = MavenRun.of(pom("good"), "good", "verify");

        assertThat(run.output()).contains("BUILD SUCCESS", "Spotless.Java is keeping 1 files clean");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void badFormatIsRejected() throws Exception {
        MavenRun run = MavenRun.of(pom("bad-format"), "bad-format", "verify");

        assertThat(run.output()).contains("format violations", "BadFormat.java", "mvn spotless:apply");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void compilerWarningIsRejected() throws Exception {
        MavenRun run = MavenRun.of(pom("compiler-warning"), "compiler-warning", "verify");

        assertThat(run.output())
                .contains(
                        "CompilerWarning.java",
                        "found raw type: java.util.List",
                        "warnings found and -Werror specified");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void divergingDependenciesAreRejected() throws Exception {
        MavenRun run = MavenRun.of(pom("diverging-dependencies"), "diverging-dependencies", "validate");

        assertThat(run.output())
                .contains(
                        "DependencyConvergence failed",
                        "Dependency convergence error for example:lib",
                        "example:left:pom:1",
                        "example:right:pom:1");
        assertThat(run.exitCode()).isNotZero();
    }

    @Test
    void convergingTwinIsBuilt() throws Exception {
        MavenRun run = MavenRun.of(
                pom("diverging-dependencies"), "converging-dependencies", "validate", "-Pone-version-chosen");

        assertThat(run.output()).contains("BUILD SUCCESS", "DependencyConvergence passed");
        assertThat(run.exitCode()).isZero();
    }

    private static Path pom(String project) {
        return Repository.root()
                .resolve("system-tests/src/build-rules")
                .resolve(project)
                .resolve("pom.xml");
    }
}
