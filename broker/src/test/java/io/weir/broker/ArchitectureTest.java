package io.weir.broker;

import java.util.Arrays;
import java.util.regex.Pattern;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import io.weir.concurrent.DaemonThreads;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Which package may know which: broker → session → {security, engine, transport}, engine
 * → store → message.
 */
class ArchitectureTest {

	private static final String FACADE = "io.weir.broker";

	private static final String SESSION = "io.weir.broker.session";

	private static final String SECURITY = "io.weir.broker.security";

	private static final String ENGINE = "io.weir.broker.engine";

	private static final String STORE = "io.weir.broker.store";

	private static final String[] VOCABULARY = { "io.weir.message", "io.weir.wire", "io.netty.buffer", "java..",
			"org.jspecify.annotations" };

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(FACADE);

	/** The shell; everything else in the engine's package is the core. */
	private static final Pattern SHELL_NAME = Pattern.compile("io\\.weir\\.broker\\.engine\\."
			+ "(Engine|ClientSessions|Forwarder|LocalSession|TopicWriter|TopicLife|TopicOwner|WriterState|TopicServices|Timers|Admission|TopicAdmission|StorageExecutor)(\\$.*)?");

	private static final DescribedPredicate<JavaClass> SHELL = DescribedPredicate.describe("the engine's shell",
			(type) -> SHELL_NAME.matcher(type.getName()).matches());

	@Test
	void theStoreKnowsTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(STORE)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(with(STORE, "org.slf4j"))
			.check(CLASSES);
	}

	@Test
	void theEngineKnowsTheStoreAndTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(ENGINE)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(with(ENGINE, STORE, "io.weir.concurrent", "org.slf4j"))
			.check(CLASSES);
	}

	@Test
	void theEngineDoesNotSpeakFrames() {
		noClasses().that()
			.resideInAPackage(ENGINE)
			.should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("io.weir.wire.Frame")
			.check(CLASSES);
	}

	@Test
	void theCoreHasNoThreadsNoClockAndNoIo() {
		noClasses().that()
			.resideInAPackage(ENGINE)
			.and(DescribedPredicate.not(SHELL))
			// Counters, which the core writes and others read.
			.and()
			.doNotHaveSimpleName("EngineFigures")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.util.concurrent..", "java.time..", "java.io..", "java.nio..", "java.net..",
					"org.slf4j")
			.orShould()
			.dependOnClassesThat()
			.belongToAnyOf(Thread.class, DaemonThreads.class)
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.dependOnClassesThat(SHELL)
			.check(CLASSES);
	}

	@Test
	void sessionsKnowTheEngineAndTheTransportButNotTheStoresEngines() {
		classes().that()
			.resideInAPackage(SESSION)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(with(SESSION, SECURITY, ENGINE, STORE, "io.weir.transport", "io.weir.pool",
					"io.weir.concurrent", "io.weir.wire.codec", "io.netty.util.collection", "org.slf4j"))
			.check(CLASSES);
	}

	@Test
	void securityKnowsTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(SECURITY)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(SECURITY, "io.weir.message", "java..", "org.jspecify.annotations")
			.check(CLASSES);
	}

	@Test
	void nobodyInsideKnowsTheFacade() {
		noClasses().that()
			.resideInAPackage(FACADE + ".*..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(FACADE)
			.check(CLASSES);
	}

	@Test
	void onlyTheCarrierKnowsQuic() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(FACADE + ".Carrier")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.weir.transport.quic")
			.check(CLASSES);
	}

	@Test
	void onlyTheTransportHasChannels() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.netty.channel..", "io.netty.handler..")
			.check(CLASSES);
	}

	@Test
	void thereAreNoCycles() {
		slices().matching("io.weir.broker.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	private static String[] with(String... packages) {
		String[] all = Arrays.copyOf(packages, packages.length + VOCABULARY.length);
		System.arraycopy(VOCABULARY, 0, all, packages.length, VOCABULARY.length);
		return all;
	}

}
