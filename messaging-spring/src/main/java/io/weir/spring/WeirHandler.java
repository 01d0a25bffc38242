package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the methods of a class with {@link WeirListener} or {@link WeirReader}, of which
 * each message is handed to the one whose payload is of the message's type.
 *
 * <pre class="code">
 * &#064;WeirListener(id = "billing", topics = "orders")
 * class Billing {
 *
 *     &#064;WeirHandler
 *     void on(Order order) { … }
 *
 *     &#064;WeirHandler
 *     void on(Cancellation cancellation) { … }
 *
 *     &#064;WeirHandler(isDefault = true)
 *     void other(byte[] payload, &#064;Header(name = WeirHeaders.TYPE, required = false) String type) { … }
 *
 * }
 * </pre> Parameters and returned values are as those of a method with
 * {@link WeirListener}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WeirHandler {

	/**
	 * Whether the method is given the messages that no other one takes: those that do not
	 * say their type, and those of other types. Without such a method they are failures.
	 * @return whether it is; one method of a class at most
	 */
	boolean isDefault() default false;

}
