package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.Assert;

import io.weir.client.WeirClient;
import io.weir.spring.WeirClients;
import io.weir.spring.listener.AfterListener;

/** Makes the beans of {@code weir.clients}. */
final class FurtherClients {

	/** Its bean name, by which the definitions of the other beans refer to it. */
	static final String BEAN_NAME = "weirFurtherClients";

	private final WeirProperties properties;

	private final WeirClientFactory factory;

	private final WeirConnectionDetails details;

	private final ObjectProvider<SslBundles> bundles;

	private final ListableBeanFactory beans;

	FurtherClients(WeirProperties properties, WeirClientFactory factory, WeirConnectionDetails details,
			ObjectProvider<SslBundles> bundles, ListableBeanFactory beans) {
		this.properties = properties;
		this.factory = factory;
		this.details = details;
		this.bundles = bundles;
		this.beans = beans;
	}

	/** The key below which a client is configured. */
	static String key(String name) {
		return "weir." + PropertyRules.entry("clients", name);
	}

	/** The name of the bean that an entry becomes. */
	static String bean(String name) {
		return name + WeirClients.BEAN_SUFFIX;
	}

	WeirClient client(String name) {
		ClientProperties entry = this.properties.clients().get(name);
		Assert.state(entry != null, () -> key(name) + " is missing");
		WeirClient client = this.factory.createNamed(name, entry, details(name, entry));
		AfterListener.closes(this.beans, bean(name), client::close);
		return client;
	}

	/** The bean with the client's name as its qualifier, else what the properties say. */
	private WeirConnectionDetails details(String name, ClientProperties entry) {
		if (this.details.isForAllClients()) {
			return this.details;
		}
		List<String> named = Stream.of(this.beans.getBeanNamesForType(WeirConnectionDetails.class))
			.filter((bean) -> BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, bean, this.beans))
			.toList();
		Assert.state(named.size() <= 1, () -> "There are several connection details with the qualifier '" + name
				+ "', the beans " + named + "; there may be one");
		return named.isEmpty() ? new PropertiesWeirConnectionDetails(key(name), entry, this.bundles.getIfAvailable())
				: this.beans.getBean(named.get(0), WeirConnectionDetails.class);
	}

	ConnectionCheck connectionCheck(String name) {
		return new ConnectionCheck(this.beans.getBean(bean(name), WeirClient.class));
	}

}
