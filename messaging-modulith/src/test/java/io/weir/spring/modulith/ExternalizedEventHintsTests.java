package io.weir.spring.modulith;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import io.weir.spring.modulith.shop.OrderPlaced;
import io.weir.spring.modulith.shop.Orders;

import static org.assertj.core.api.Assertions.assertThat;

class ExternalizedEventHintsTests {

	@Test
	void aNativeImageCanWriteTheEventsOfTheApplication() {
		RuntimeHints hints = hints(OrderPlaced.class.getPackageName());
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(OrderPlaced.class, "customer"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Orders.class)).rejects(hints);
	}

	@Test
	void anApplicationWithoutEventsIsLeftAlone() {
		assertThat(RuntimeHintsPredicates.reflection().onType(OrderPlaced.class)).rejects(hints("nothing.here"));
	}

	private static RuntimeHints hints(String applicationPackage) {
		GenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("io.weir", "Application")), new InMemoryGeneratedFiles());
		GenericApplicationContext context = new GenericApplicationContext();
		AutoConfigurationPackages.register(context, applicationPackage);
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

}
