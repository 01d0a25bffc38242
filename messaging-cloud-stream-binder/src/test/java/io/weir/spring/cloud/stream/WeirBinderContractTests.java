package io.weir.spring.cloud.stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;

import org.springframework.cloud.stream.binder.ExtendedConsumerProperties;
import org.springframework.cloud.stream.binder.ExtendedProducerProperties;
import org.springframework.cloud.stream.binder.PartitionCapableBinderTests;
import org.springframework.cloud.stream.binder.Spy;

import io.weir.test.WeirTestBroker;

/** What Spring Cloud Stream asks of every binder. */
class WeirBinderContractTests extends
		PartitionCapableBinderTests<WeirTestBinder, ExtendedConsumerProperties<WeirConsumerProperties>, ExtendedProducerProperties<WeirProducerProperties>> {

	private final WeirTestBroker broker = WeirTestBroker.start();

	@AfterEach
	void closeBroker() {
		this.broker.close();
	}

	@Override
	protected WeirTestBinder getBinder() {
		if (this.testBinder == null) {
			this.testBinder = new WeirTestBinder(this.broker.serviceUrl());
		}
		return this.testBinder;
	}

	@Override
	protected ExtendedConsumerProperties<WeirConsumerProperties> createConsumerProperties() {
		return new ExtendedConsumerProperties<>(new WeirConsumerProperties());
	}

	@Override
	protected ExtendedProducerProperties<WeirProducerProperties> createProducerProperties(TestInfo test) {
		return new ExtendedProducerProperties<>(new WeirProducerProperties());
	}

	@Override
	protected boolean usesExplicitRouting() {
		return true;
	}

	@Override
	protected void checkRkExpressionForPartitionedModuleSpEL(Object endpoint) {
		// Of RabbitMQ's routing keys.
	}

	@Override
	protected String getClassUnderTestName() {
		return WeirMessageChannelBinder.class.getSimpleName();
	}

	@Override
	public Spy spyOn(String name) {
		throw new UnsupportedOperationException();
	}

}
