package io.weir.pool;

import java.util.concurrent.locks.Lock;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

@AnalyzeClasses(packages = "io.weir.pool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

	@ArchTest
	static final ArchRule dependsOnTheJdkAndTheLoggingApiOnly = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("io.weir.pool", "io.weir.concurrent", "io.weir.setting", "io.weir.time", "java..",
				"jdk.jfr", "org.jspecify.annotations", "org.slf4j");

	/** It would keep something for each of a million virtual threads. */
	@ArchTest
	static final ArchRule keepsNothingForEachThread = noClasses().should()
		.dependOnClassesThat()
		.areAssignableTo(ThreadLocal.class);

	@ArchTest
	static final ArchRule holdsNoLock = noClasses().should().dependOnClassesThat().areAssignableTo(Lock.class);

	/** A virtual thread that waits for a monitor keeps its carrier, before JDK 24. */
	@ArchTest
	static final ArchRule synchronizesNothing = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

}
