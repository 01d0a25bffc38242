package io.weir.wire;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** Which package may know which: transport → wire.codec → wire → message. */
class ArchitectureTest {

	private static final String MESSAGE = "io.weir.message";

	private static final String WIRE = "io.weir.wire";

	private static final String CODEC = "io.weir.wire.codec";

	private static final String TRANSPORT = "io.weir.transport..";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(MESSAGE, WIRE, "io.weir.transport");

	@Test
	void theVocabularyNeedsTheJdkOnly() {
		classes().that()
			.resideInAPackage(MESSAGE)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(MESSAGE, "java..", "org.jspecify..")
			.check(CLASSES);
	}

	@Test
	void framesNeedTheVocabularyAndBuffersOnly() {
		classes().that()
			.resideInAPackage(WIRE)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(WIRE, MESSAGE, "io.weir.time", "java..", "org.jspecify..", "io.netty.buffer")
			.check(CLASSES);
	}

	@Test
	void theCodecNeedsFramesBuffersAndCompressionOnly() {
		classes().that()
			.resideInAPackage(CODEC)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(CODEC, WIRE, MESSAGE, "io.weir.time", "java..", "org.jspecify..", "io.netty.buffer",
					"net.jpountz.lz4", "com.github.luben.zstd")
			.check(CLASSES);
	}

	@Test
	void onlyTheTransportHasChannels() {
		noClasses().that()
			.resideOutsideOfPackage(TRANSPORT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.netty.channel..", "io.netty.handler..")
			.check(CLASSES);
	}

	@Test
	void onlyTheCarrierOfQuicKnowsQuic() {
		noClasses().that()
			.resideOutsideOfPackage("io.weir.transport.quic")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.weir.transport.quic", "io.netty.handler.codec.quic")
			.check(CLASSES);
	}

	@Test
	void whoUsesATransportSeesNoChannels() {
		noClasses().that()
			.resideInAPackage("io.weir.transport")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.weir.transport.stream", "io.netty.channel..")
			.check(CLASSES);
	}

	@Test
	void certificatesAreTheSameForAllCarriers() {
		noClasses().that()
			.resideInAPackage("io.weir.transport.tls")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.weir.transport", "io.weir.transport.stream", "io.weir.transport.quic", "io.netty..")
			.check(CLASSES);
	}

	@Test
	void framesOnStreamsKnowNoCarrier() {
		noClasses().that()
			.resideInAnyPackage("io.weir.transport", "io.weir.transport.stream")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.weir.transport.quic", "io.weir.transport.memory", "io.netty.handler..",
					"io.netty.channel.epoll..")
			.check(CLASSES);
	}

	@Test
	void theTransportKnowsNeitherClientNorBroker() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.weir.client..", "io.weir.broker..", "io.weir.spring..")
			.check(CLASSES);
	}

	@Test
	void thereAreNoCycles() {
		slices().matching("io.weir.(**)").should().beFreeOfCycles().check(CLASSES);
	}

}
