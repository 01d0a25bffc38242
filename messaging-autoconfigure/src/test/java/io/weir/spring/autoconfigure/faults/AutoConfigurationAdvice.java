package io.weir.spring.autoconfigure.faults;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.contributor.Status;

import io.weir.client.WeirClient;
import io.weir.message.Schema;

/**
 * The code of {@link AutoConfigurationFault}s, which becomes part of the methods that
 * they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class AutoConfigurationAdvice {

	private AutoConfigurationAdvice() {
	}

	static final class ReturnsUp {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Status returned) {
			returned = Status.UP;
		}

	}

	static final class Subscribes {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue("client") WeirClient client) {
			client.consumer(Schema.bytes()).topic("health").subscription("health").subscribeAsync();
		}

	}

	static final class TakesTheLast {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue("beanFactory") ConfigurableListableBeanFactory beans,
				@Advice.Argument(2) Class<?> type,
				@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
			for (Object bean : beans.getBeansOfType(type).values()) {
				returned = bean;
			}
		}

	}

	static final class ReturnsItself {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue(value = "own", typing = Assigner.Typing.DYNAMIC) Object own,
				@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
			returned = own;
		}

	}

}
