package io.weir.spring.fake;

import io.weir.client.WeirClient;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.WeirProducerFactory;
import io.weir.spring.WeirTemplate;

/** Of an application that has but one client. */
public final class NoFurtherClients implements WeirClients.Factory {

	@Override
	public WeirProducerFactory producerFactory(String name, WeirClient client) {
		throw new UnsupportedOperationException();
	}

	@Override
	public WeirConsumerFactory consumerFactory(String name, WeirClient client) {
		throw new UnsupportedOperationException();
	}

	@Override
	public WeirTemplate template(String name, WeirClient client, WeirProducerFactory producers) {
		throw new UnsupportedOperationException();
	}

}
