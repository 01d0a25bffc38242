package io.weir.spring;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.weir.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule packagesFormNoCycles = slices().matching("io.weir.spring.(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule theProgrammingModelKnowsNoBootAndNoBroker = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "io.weir.spring.autoconfigure..", "io.weir.broker..");

	@ArchTest
	static final ArchRule nobodyLooksBehindTheClient = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.client.internal..", "io.weir.transport..", "io.netty..");

}
