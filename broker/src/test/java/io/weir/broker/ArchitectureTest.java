package io.weir.broker;

import java.util.Arrays;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import io.weir.concurrent.DaemonThreads;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Which package may know which: broker → {session, engine.runtime, policy}, engine →
 * policy, session → {security, engine, transport}, engine → store → message; and in the
 * engine runtime → topic → {publish → schedule, subscription → dispatch} → context →
 * engine.
 */
class ArchitectureTest {

	private static final String FACADE = "io.weir.broker";

	private static final String SESSION = "io.weir.broker.session";

	private static final String SECURITY = "io.weir.broker.security";

	private static final String ENGINE = "io.weir.broker.engine";

	private static final String POLICY = "io.weir.broker.policy";

	private static final String DEAD_LETTER = "io.weir.broker.deadletter";

	private static final String STORE = "io.weir.broker.store";

	private static final String[] VOCABULARY = { "io.weir.message", "io.weir.wire", "io.weir.time", "io.netty.buffer",
			"java..", "org.jspecify.annotations", "com.google.errorprone.annotations.concurrent" };

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(FACADE);

	private static final String RUNTIME = ENGINE + ".runtime";

	/** The engine's packages; each may know those after it. */
	private static final List<String> ENGINE_PACKAGES = List.of(RUNTIME, ENGINE + ".topic", ENGINE + ".publish",
			ENGINE + ".schedule", ENGINE + ".subscription", ENGINE + ".dispatch", ENGINE + ".context", ENGINE);

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
	void policiesKnowTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(POLICY)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(POLICY, "io.weir.message", "io.weir.setting", "io.weir.time", "java..",
					"org.jspecify.annotations")
			.check(CLASSES);
	}

	@Test
	void whatIsSaidOfDeadLettersKnowsTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(DEAD_LETTER)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(DEAD_LETTER, "io.weir.message", "java..", "org.jspecify.annotations")
			.check(CLASSES);
	}

	@Test
	void theEngineKnowsTheStoreAndTheVocabularyOnly() {
		classes().that()
			.resideInAPackage(ENGINE + "..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(with(ENGINE + "..", STORE, POLICY, DEAD_LETTER, "io.weir.wire.codec",
					"io.weir.concurrent", "org.slf4j"))
			.check(CLASSES);
	}

	@Test
	void theEnginesPackagesKnowOneAnotherInOneDirection() {
		for (int i = 1; i < ENGINE_PACKAGES.size(); i++) {
			noClasses().that()
				.resideInAPackage(ENGINE_PACKAGES.get(i))
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(ENGINE_PACKAGES.subList(0, i).toArray(String[]::new))
				.check(CLASSES);
		}
	}

	@Test
	void whoPublishesAndWhoConsumesDoNotKnowEachOther() {
		noClasses().that()
			.resideInAPackage(ENGINE + ".publish")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ENGINE + ".subscription", ENGINE + ".dispatch")
			.check(CLASSES);
	}

	@Test
	void sessionsKnowTheEnginesVocabularyOnly() {
		noClasses().that()
			.resideInAPackage(SESSION)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ENGINE + ".*..")
			.check(CLASSES);
	}

	@Test
	void theEngineDoesNotSpeakFrames() {
		noClasses().that()
			.resideInAPackage(ENGINE + "..")
			.should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("io.weir.wire.Frame")
			.check(CLASSES);
	}

	@Test
	void theCoreHasNoThreadsNoClockAndNoIo() {
		noClasses().that()
			.resideInAPackage(ENGINE + "..")
			.and()
			.resideOutsideOfPackage(RUNTIME)
			// Counters, which the core writes and others read; and who speaks to the
			// engine.
			.and()
			.haveNameNotMatching(".*\\.(EngineFigures|ClientSessions|LocalSession)(\\$.*)?")
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
