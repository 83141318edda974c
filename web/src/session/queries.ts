// Who one is, and what the installation is like.
import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../api/client';

export const useStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: () => ask(api.GET('/api/v1/status')), staleTime: 60_000 });

export const useMe = () =>
  useQuery({ queryKey: ['me'], queryFn: () => ask(api.GET('/api/v1/me')), staleTime: Number.POSITIVE_INFINITY });
