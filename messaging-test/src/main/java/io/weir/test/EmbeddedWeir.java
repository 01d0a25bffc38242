package io.weir.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Consumer;

import org.junit.jupiter.api.extension.ExtendWith;

import io.weir.broker.BrokerBuilder;

/**
 * Gives tests a {@link WeirTestBroker} of their own.
 *
 * <p>
 * With an application context the broker lives as long as that, in the cache of contexts,
 * too: the application's client, and those of {@code weir.clients}, are led to it,
 * whatever their properties say, and it can be injected. Two contexts never see each
 * other's topics.
 *
 * <p>
 * Without one, a test method, {@code @BeforeEach} method or constructor that has a
 * {@link WeirTestBroker} as a parameter is given the one of its test. If a
 * {@code @BeforeAll} method has one, all tests of the class share that.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EmbeddedWeirExtension.class)
public @interface EmbeddedWeir {

	/**
	 * Changes how the broker is built, such as its limits and what becomes of messages.
	 * @return classes with a constructor without parameters
	 */
	Class<? extends Consumer<BrokerBuilder>>[] settings() default {};

}
