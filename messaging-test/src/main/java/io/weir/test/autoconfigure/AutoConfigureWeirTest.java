package io.weir.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

import io.weir.test.EmbeddedWeir;

/**
 * Gives an application context of which a test names the beans itself what templates and
 * listeners need, and a broker of its own, as {@link EmbeddedWeir} does. For tests of a
 * few beans, and beside other slices; with {@code @SpringBootTest}, which has all
 * auto-configuration, {@link EmbeddedWeir} is enough.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@EmbeddedWeir
@ImportAutoConfiguration
public @interface AutoConfigureWeirTest {

}
