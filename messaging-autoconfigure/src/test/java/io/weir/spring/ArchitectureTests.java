package io.weir.spring;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.weir.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule packagesFormNoCycles = slices().matching("io.weir.spring.(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule clientsAreConfiguredWithoutTheBroker = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("io.weir.broker..");

	@ArchTest
	static final ArchRule nobodyLooksBehindTheClient = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.client.internal..", "io.weir.transport..", "io.netty..");

	@ArchTest
	static final ArchRule autoConfigurationsAreFinal = classes().that()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.should()
		.haveModifier(JavaModifier.FINAL);

}
