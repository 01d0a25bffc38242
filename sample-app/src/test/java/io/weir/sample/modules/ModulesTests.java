package io.weir.sample.modules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What whoever adds a module might forget. */
class ModulesTests {

	private static final String BOM = "messaging-bom";

	@Test
	void bomListsEveryPublishedModuleAndNothingElse() {
		Module bom = Module.all()
			.stream()
			.filter((module) -> module.artifactId().equals(BOM))
			.findFirst()
			.orElseThrow();
		assertThat(bom.values("/project/dependencyManagement/dependencies/dependency/artifactId"))
			.containsExactlyInAnyOrderElementsOf(
					Module.published().stream().map(Module::artifactId).filter((id) -> !id.equals(BOM)).toList());
		assertThat(bom.values("/project/dependencyManagement/dependencies/dependency/version"))
			.containsOnly("${project.version}");
	}

	/** Else who imports it gets the versions of Spring Boot, wanted or not. */
	@Test
	void bomHasNoParentAndTheVersionOfTheOthers() {
		Module bom = Module.all()
			.stream()
			.filter((module) -> module.artifactId().equals(BOM))
			.findFirst()
			.orElseThrow();
		assertThat(bom.values("/project/parent")).isEmpty();
		assertThat(Module.published()).filteredOn((module) -> module != bom && !module.artifactId().equals(BOM))
			.allSatisfy((module) -> assertThat(module.value("/project/parent/version"))
				.isEqualTo(bom.value("/project/version")));
	}

	@Test
	void everyModuleHasANameOfItsOwnOnTheModulePath() {
		List<String> names = Module.all().stream().filter(Module::isJar).map(Module::moduleName).toList();
		assertThat(names).doesNotHaveDuplicates().allMatch((name) -> name.matches("io\\.weir(\\.[a-z]+)+"));
	}

	/** The module path refuses two modules with the same package. */
	@Test
	void noPackageIsInTwoModules() throws IOException {
		Map<String, Module> owners = new HashMap<>();
		for (Module module : Module.all()) {
			for (String name : module.packages()) {
				assertThat(owners.put(name, module)).as("owner of %s beside %s", name, module).isNull();
			}
		}
		assertThat(owners).containsKeys("io.weir.client", "io.weir.spring");
	}

	/** What nobody finds is not run. */
	@Test
	void everyProfileOfTheBuildIsInATableOfTheSuites() throws IOException {
		String tables = Files.readString(Path.of("../docs/testing.md"))
			.lines()
			.filter((line) -> line.startsWith("|"))
			.collect(Collectors.joining("\n"));
		Set<String> named = Pattern.compile("`(?:-P)?([a-z-]+)`")
			.matcher(tables)
			.results()
			.map((name) -> name.group(1))
			.collect(Collectors.toSet());
		assertThat(named).containsAll(Module.profiles());
		assertThat(Pattern.compile("-P([a-z-]+)").matcher(tables).results().map((name) -> name.group(1))).isNotEmpty()
			.allMatch(Module.profiles()::contains);
	}

	/** A file that gets longer has more than one job. */
	@Test
	void noFileOfTheProductOrItsTestsHasMoreThanFourHundredLines() throws IOException {
		Map<Path, Long> lengths = new HashMap<>();
		for (Module module : Module.all()) {
			for (Path file : Stream.concat(module.sources().stream(), module.tests().stream()).toList()) {
				try (Stream<String> lines = Files.lines(file)) {
					lengths.put(file, lines.count());
				}
			}
		}
		assertThat(lengths.size()).isGreaterThan(900);
		lengths.values().removeIf((lines) -> lines <= 400);
		assertThat(lengths).isEmpty();
	}

}
