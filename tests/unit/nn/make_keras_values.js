// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Layers of Keras, in TensorFlow.js, which has their layouts of weights: a convolutional network
// with random weights; prints names, shapes and values as JSON for
// make_keras_files.py. Needs the packages @tensorflow/tfjs-core, -layers and -backend-cpu.
//   node tests/unit/nn/make_keras_values.js
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const layers = require('@tensorflow/tfjs-layers');

const result = {};
const keep = (name, tensor) => {
  result[name] = {shape: tensor.shape, values: Array.from(tensor.dataSync())};
};

function randomise(model, seed) {
  model.setWeights(model.getWeights().map((w, i) => {
    const size = Math.sqrt(w.shape.slice(0, -1).reduce((a, b) => a * b, 1));
    return tf.randomNormal(w.shape, 0, 1 / size, 'float32', seed + i);
  }));
  for (const w of model.weights) keep('weights.' + w.originalName, w.read());
}

tf.setBackend('cpu').then(() => {
  // Before a stride of 2, zeros on both sides: 'same' would put them on one.
  const {conv2d, conv2dTranspose, zeroPadding2d} = layers.layers;
  const fields = layers.sequential({name: 'fields', layers: [
    conv2d({name: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh', inputShape: [12, 20, 2]}),
    zeroPadding2d({padding: 1}),
    conv2d({name: 'conv2d_1', filters: 6, kernelSize: 3, strides: 2, padding: 'valid', activation: 'relu'}),
    conv2dTranspose({name: 'conv2d_transpose', filters: 3, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh'}),
    conv2d({name: 'conv2d_2', filters: 1, kernelSize: 1})]});
  randomise(fields, 1);
  const x = tf.randomNormal([1, 12, 20, 2], 0, 1, 'float32', 77);
  keep('fields.input0', x);
  keep('fields.single', fields.predict(x));
  process.stdout.write(JSON.stringify(result));
});
