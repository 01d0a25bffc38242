package io.weir.test;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.weir.test", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

	/** A test needs no Spring, nor what it does not have on its class path. */
	@ArchTest
	static final ArchRule onlyWhatIsForSpringKnowsSpring = noClasses().that()
		.resideInAPackage("io.weir.test")
		.and()
		.doNotHaveSimpleName("SpringBroker")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.weir.spring..");

	@ArchTest
	static final ArchRule onlyConnectionDetailsKnowTheAutoConfiguration = noClasses().that()
		.doNotHaveSimpleName("ConnectionDetails")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.weir.spring.autoconfigure..");

	@ArchTest
	static final ArchRule nobodyLooksIntoTheEngine = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.broker.engine..", "io.weir.broker.session..", "io.weir.client.internal..",
				"io.netty.channel..");

}
