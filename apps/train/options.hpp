// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the app, and what they say about training.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/nn/directions/direction_task.hpp>
#include <linnet/nn/training/trainer.hpp>

namespace app {

/// All options `-train_*`.
linnet::core::OptionTable train_options();

linnet::nn::TrainerOptions trainer_options(const linnet::core::Options& options);
linnet::nn::DirectionTaskOptions task_options(const linnet::core::Options& options);

/// @p training, whose schedule, if it goes by epochs, knows how many steps one of @p samples
/// samples has. @throws core::Error (usage) where they make no batch.
linnet::nn::TrainerOptions with_epochs(const linnet::core::Options& options,
                                       linnet::nn::TrainerOptions training, std::int64_t samples);

/// The texts of all options that training depends on, for checkpoints and model cards.
std::string recipe(const linnet::core::Options& options);

} // namespace app
