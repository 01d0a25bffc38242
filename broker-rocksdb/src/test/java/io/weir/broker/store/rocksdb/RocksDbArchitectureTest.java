package io.weir.broker.store.rocksdb;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

/** The engine knows the interface that it implements, and RocksDB. */
class RocksDbArchitectureTest {

	private static final String ENGINE = "io.weir.broker.store.rocksdb";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ENGINE);

	@Test
	void theEngineKnowsTheInterfaceAndRocksDbOnly() {
		classes().that()
			.resideInAPackage(ENGINE)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ENGINE, "io.weir.broker.store", "io.weir.message", "io.weir.wire", "io.weir.time",
					"io.weir.concurrent", "io.netty.buffer", "io.netty.util.collection", "com.sun.management",
					"org.rocksdb", "org.slf4j", "org.jspecify.annotations",
					"com.google.errorprone.annotations.concurrent", "java..")
			.check(CLASSES);
	}

}
