@file:JvmName("WeirExtensions")

package io.weir.spring

import io.weir.client.ConsumerBuilder
import io.weir.client.MessageBuilder
import io.weir.client.ProducerBuilder
import io.weir.client.ReaderBuilder
import io.weir.client.WeirClient
import io.weir.message.MessageId
import io.weir.message.Schema
import kotlinx.coroutines.future.await
import org.springframework.core.ParameterizedTypeReference

/**
 * Sends a value to a topic, and suspends until the broker has stored it. Cancelling the coroutine takes the message
 * back, if it is not under way yet.
 *
 * @throws io.weir.client.WeirException if it cannot be stored
 */
public suspend fun WeirOperations.sendAwait(topic: String, value: Any?): MessageId = sendAsync(topic, value).await()

/** As [sendAwait], to the topic of the value's type or the default topic. */
public suspend fun WeirOperations.sendAwait(value: Any): MessageId = sendAsync(value).await()

/** As [sendAwait], with what was set for the message. */
public suspend fun MessageBuilder<*>.sendAwait(): MessageId = sendAsync().await()

/** Sends a request, and blocks until there is a reply of type [R]. */
public inline fun <reified R : Any> WeirOperations.sendAndReceive(topic: String, value: Any): R =
    sendAndReceive(topic, value, R::class.java)

/** Sends a request, and suspends until there is a reply of type [R]. */
public suspend inline fun <reified R : Any> WeirOperations.sendAndReceiveAwait(topic: String, value: Any): R =
    sendAndReceiveAsync(topic, value, R::class.java).await()

/** The schema of [T], with its type arguments: `schemas.of<List<Order>>()`. */
public inline fun <reified T : Any> WeirSchemas.of(): Schema<T> = of(object : ParameterizedTypeReference<T>() {}.type)

/** A producer of [T]. */
public inline fun <reified T : Any> WeirClient.producer(schemas: WeirSchemas): ProducerBuilder<T> =
    producer(schemas.of<T>(object : ParameterizedTypeReference<T>() {}.type))

/** A consumer of [T]. */
public inline fun <reified T : Any> WeirClient.consumer(schemas: WeirSchemas): ConsumerBuilder<T> =
    consumer(schemas.of<T>(object : ParameterizedTypeReference<T>() {}.type))

/** A reader of [T]. */
public inline fun <reified T : Any> WeirClient.reader(schemas: WeirSchemas): ReaderBuilder<T> =
    reader(schemas.of<T>(object : ParameterizedTypeReference<T>() {}.type))
