package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what holds for all messages whose payload is of a type.
 *
 * <pre class="code">
 * &#064;WeirMessage(type = "order.v1")
 * record Order(String id, int amount) { }
 * </pre>
 */
@Target({ ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WeirMessage {

	/**
	 * The name by which applications tell this type from others, in the header
	 * {@link WeirHeaders#TYPE}. An entry of {@code weir.message-types} for the class
	 * takes precedence.
	 * @return the name; if absent the class's name without its package
	 */
	String type() default "";

}
