package io.weir.spring.autoconfigure;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.Reader;
import io.weir.spring.listener.AfterListener;

/**
 * Begins to close the producers, consumers and readers that applications make as beans
 * when Spring would close them and wait for each, one after the other. What their client
 * does not wait for, since it is no bean, this waits for in the end; being a
 * post-processor, it is destroyed last.
 */
final class SideBySideClosing
		implements MergedBeanDefinitionPostProcessor, DestructionAwareBeanPostProcessor, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SideBySideClosing.class);

	/** More than closing takes by itself. */
	private static final int SECONDS = 10;

	private final Set<String> beans = ConcurrentHashMap.newKeySet();

	private final Queue<CompletableFuture<Void>> closing = new ConcurrentLinkedQueue<>();

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String name) {
		String destroyMethod = definition.getDestroyMethodName();
		if (isClosedHere(type)
				&& (destroyMethod == null || destroyMethod.equals(AbstractBeanDefinition.INFER_METHOD))) {
			definition.setDestroyMethodName("");
			this.beans.add(name);
		}
	}

	private static boolean isClosedHere(Class<?> type) {
		return (Producer.class.isAssignableFrom(type) || Consumer.class.isAssignableFrom(type)
				|| Reader.class.isAssignableFrom(type)) && !DisposableBean.class.isAssignableFrom(type);
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return isClosedHere(bean.getClass());
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String name) {
		if (this.beans.contains(name)) {
			AfterListener.run(() -> {
				CompletableFuture<Void> closed = closeAsync(bean);
				if (closed != null) {
					this.closing.add(closed);
				}
			});
		}
	}

	private static @Nullable CompletableFuture<Void> closeAsync(Object bean) {
		if (bean instanceof Producer<?> producer) {
			return producer.closeAsync();
		}
		if (bean instanceof Consumer<?> consumer) {
			return consumer.closeAsync();
		}
		return (bean instanceof Reader<?> reader) ? reader.closeAsync() : null;
	}

	@Override
	public void destroy() {
		CompletableFuture.allOf(this.closing.toArray(CompletableFuture[]::new))
			.orTimeout(SECONDS, TimeUnit.SECONDS)
			.exceptionally((failure) -> {
				logger.warn("Not all producers, consumers and readers could be closed in order", failure);
				return null;
			})
			.join();
	}

}
