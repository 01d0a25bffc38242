package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Says what holds for all messages whose payload is of a type.
 *
 * <pre class="code">
 * &#064;WeirMessage(type = "order.v1")
 * record Order(String id, int amount) { }
 * </pre>
 *
 * Classes with it that {@code @ReflectiveScan} finds are known to a native image, too.
 */
@Target({ ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(PayloadReflectiveProcessor.class)
public @interface WeirMessage {

	/**
	 * Where the template sends these messages when it is not told.
	 * @return the topic, which may hold placeholders; {@code weir.template.default-topic}
	 * if absent
	 */
	String topic() default "";

	/**
	 * The key of messages that the template sends and that are given none.
	 * @return a template with SpEL expressions of which the payload is the root, such as
	 * <code>#{customer}</code>; no key if it is absent or comes to {@code null}
	 */
	String key() default "";

	/**
	 * The name by which applications tell this type from others, in the header
	 * {@link WeirHeaders#TYPE}. An entry of {@code weir.message-types} for the class
	 * takes precedence.
	 * @return the name; if absent the class's name without its package
	 */
	String type() default "";

}
