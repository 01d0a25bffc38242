package io.weir.pool;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

@AnalyzeClasses(packages = "io.weir.pool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

	@ArchTest
	static final ArchRule dependsOnTheJdkAndTheLoggingApiOnly = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("io.weir.pool", "java..", "jdk.jfr", "org.jspecify.annotations", "org.slf4j");

}
