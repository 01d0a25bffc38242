package io.weir.spring.listener;

import java.util.Arrays;
import java.util.Set;

import org.springframework.context.support.AbstractApplicationContext;

/**
 * Recognises threads that are ending the application, or wait until somebody else has:
 * {@link System#exit} never returns, and closing a context returns only when all
 * listeners have stopped. Who waits for such a thread waits for itself.
 */
final class ThreadsThatEnd {

	private static final Set<String> CLOSE = Set.of("close", "stop");

	private ThreadsThatEnd() {
	}

	static boolean contains(Thread thread) {
		return Arrays.stream(thread.getStackTrace()).anyMatch(ThreadsThatEnd::isEnd);
	}

	private static boolean isEnd(StackTraceElement frame) {
		String type = frame.getClassName();
		String method = frame.getMethodName();
		return (type.equals(Runtime.class.getName()) && method.equals("exit"))
				|| (type.equals(AbstractApplicationContext.class.getName()) && CLOSE.contains(method))
				|| (type.equals(WeirListenerRegistry.class.getName()) && method.equals("stop"));
	}

}
