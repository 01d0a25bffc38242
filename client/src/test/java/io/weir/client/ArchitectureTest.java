package io.weir.client;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import io.weir.message.MessageIds;
import io.weir.wire.Position;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** client → transport; the façade on the inner packages, never the reverse. */
@AnalyzeClasses(packages = "io.weir.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

	@ArchTest
	static final ArchRule knowsNeitherBrokerNorChannelsNorFrameworks = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("io.weir.client..", "io.weir.transport", "io.weir.transport.tls", "io.weir.transport.quic",
				"io.weir.transport.memory", "io.weir.wire..", "io.weir.message", "io.weir.pool", "io.weir.concurrent",
				"io.weir.setting", "io.weir.time", "io.netty.buffer", "com.google.errorprone.annotations.concurrent",
				"tools.jackson..", "java..", "javax.net.ssl", "org.slf4j", "org.jspecify.annotations");

	@ArchTest
	static final ArchRule onlyTheCarrierKnowsWhatCarriesConnections = noClasses().that()
		.doNotHaveSimpleName("Carrier")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.weir.transport.quic", "io.weir.transport.memory");

	@ArchTest
	static final ArchRule innerPackagesDoNotKnowTheFacade = noClasses().that()
		.resideInAPackage("io.weir.client.internal..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.weir.client");

	/** A lane hands batches on; nobody behind it knows it, or the producer. */
	@ArchTest
	static final ArchRule batchesGoOneWay = noClasses().that()
		.haveSimpleName("BatchSender")
		.or()
		.haveSimpleName("ProducerStreams")
		.should()
		.dependOnClassesThat()
		.haveSimpleName("Lane")
		.orShould()
		.dependOnClassesThat()
		.haveSimpleName("ProducerCore");

	@ArchTest
	static final ArchRule messageIdsAreOpaqueToTheFacade = noClasses().that()
		.resideInAPackage("io.weir.client")
		.should()
		.dependOnClassesThat()
		.belongToAnyOf(MessageIds.class, Position.class);

	@ArchTest
	static final ArchRule jsonAloneKnowsJackson = noClasses().that()
		.resideInAPackage("io.weir.client.internal..")
		.and()
		.resideOutsideOfPackage("io.weir.client.internal.json")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("tools.jackson..");

	@ArchTest
	static final ArchRule applicationsNeverSeeInternalTypes = methods().that()
		.areDeclaredInClassesThat(resideInAPackage("io.weir.client").and(modifier(JavaModifier.PUBLIC)))
		.and()
		.arePublic()
		.should()
		.notHaveRawReturnType(resideInAPackage("io.weir.client.internal.."))
		.andShould()
		.notHaveRawParameterTypes(anyElementThat(resideInAPackage("io.weir.client.internal..")));

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("io.weir.client.(**)").should().beFreeOfCycles();

}
