package io.weir.spring.autoconfigure.common;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.weir.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule whatIsInCommonKnowsNeitherClientNorBroker = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.client..", "io.weir.broker..", "io.weir.wire..", "io.weir.transport..");

}
