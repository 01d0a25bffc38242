package io.weir.spring.listener;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

import io.weir.spring.WeirClients;
import io.weir.spring.WeirOperations;

/**
 * Publishes what one listener returns, to the broker that its messages come from. Which
 * that is may be changed until the listener is complete.
 */
final class ListenerTemplate implements Supplier<WeirOperations> {

	private final BeanFactory beans;

	private volatile @Nullable String client;

	ListenerTemplate(BeanFactory beans) {
		this.beans = beans;
	}

	/** Sets the listener's client; {@code null} for the default one. */
	void client(@Nullable String client) {
		this.client = client;
	}

	@Override
	public WeirOperations get() {
		String name = this.client;
		return (name != null) ? this.beans.getBean(WeirClients.class).template(name)
				: this.beans.getBean(WeirOperations.class);
	}

}
