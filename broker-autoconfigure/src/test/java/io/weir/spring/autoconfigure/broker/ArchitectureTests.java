package io.weir.spring.autoconfigure.broker;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.weir.spring.autoconfigure.broker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule onlyTheEmbeddedBrokerKnowsTheClient = noClasses().that()
		.haveNameNotMatching(".*Embedded.*")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.client..", "io.weir.spring", "io.weir.spring.listener..",
				"io.weir.spring.autoconfigure");

	@ArchTest
	static final ArchRule nobodyLooksBehindTheBroker = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.broker.engine..", "io.weir.broker.session..", "io.weir.transport..", "io.netty..");

	@ArchTest
	static final ArchRule autoConfigurationsAreFinal = classes().that()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.should()
		.haveModifier(JavaModifier.FINAL);

}
