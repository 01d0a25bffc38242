package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Has methods with {@link WeirListener} called and makes a {@link WeirTemplate}, in an
 * application without Spring Boot; with Spring Boot that is so by itself. Goes on a
 * configuration class. The application defines the client:
 *
 * <pre class="code">
 * &#064;Configuration
 * &#064;EnableWeir
 * class Messaging {
 *
 *     &#064;Bean
 *     WeirClient client() {
 *         return WeirClient.builder().serviceUrl("weir://broker.example.com").build();
 *     }
 *
 * }
 * </pre>
 *
 * The other beans have the settings that the client and listeners have by default: a
 * {@link WeirSchemas}, with the application's {@code JsonMapper} if it has one, a
 * {@link WeirProducerFactory}, a {@link WeirConsumerFactory}, a {@link WeirTemplate} and
 * a container factory named {@code weirListenerContainerFactory}. Where the application
 * has a bean of such a type, or for the container factory of that name, its own is used.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(WeirConfiguration.class)
public @interface EnableWeir {

}
