package io.weir.sample.modules;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is in the jars that are published. */
class ModuleJarsIT {

	static Stream<Module> libraries() {
		return Module.published().stream().filter((module) -> module.isJar() && !module.artifactId().endsWith("-app"));
	}

	@ParameterizedTest
	@MethodSource("libraries")
	void jarSaysItsNameOnTheModulePath(Module module) {
		assertThat(ModuleFinder.of(jar(module, "")).findAll()).extracting(ModuleReference::descriptor)
			.singleElement()
			.satisfies((descriptor) -> {
				assertThat(descriptor.name()).isEqualTo(module.moduleName());
				assertThat(descriptor.packages()).isSubsetOf(packages(module));
			});
	}

	@ParameterizedTest
	@MethodSource("libraries")
	void sourcesAreBesideTheJar(Module module) throws Exception {
		if (!module.packages().isEmpty()) {
			assertThat(jar(module, "-sources")).exists();
		}
	}

	private static Iterable<String> packages(Module module) {
		try {
			return module.packages();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path jar(Module module, String classifier) {
		return module.folder()
			.resolve("target")
			.resolve(module.artifactId() + "-" + module.value("/project/parent/version") + classifier + ".jar");
	}

}
